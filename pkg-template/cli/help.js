export const HELP = `Fetches the finished texts of translation runs.

  translation-results get [ID…]     texts to standard output, or to --out
  translation-results plan [ID…]    the requests that get would make; sends nothing

Run ids are arguments, or come from --file, or from standard input, between any separators.

  -f, --file FILE         read run ids from here; - is standard input
  -o, --out FILE          write here; a file that exists is only ever continued, with --resume
      --format FORMAT     text, json, ndjson or csv; by default what the name of --out ends with, else text
      --resume            continue an NDJSON file: what it holds is not asked for again, what had failed is
      --concurrency N     requests in flight at once, 1 to 64 (6)
      --timeout SECONDS   for one attempt (60)
      --deadline SECONDS  for everything (none)
      --retries N         further attempts, 0 to 20 (3)
      --base-url URL      instead of the service, a proxy of yours
      --key-file FILE     holds the API key; else it comes from the environment variable CAMB_API_KEY
  -h, --help, --version

Exit codes: 0 every run came; 1 some failed, or the output could not be written; 2 usage; 3 the key was refused;
130 interrupted, 143 terminated: what came is written; 141 the reader of the output has closed it.
`;
