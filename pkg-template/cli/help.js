export const HELP = `Fetches the finished texts of translation runs.

  translation-results get 12345 6789
  translation-results get --file runs.csv --column run_id --out texts.csv --bom
  translation-results get --file ids.txt --out texts.ndjson --resume
  translation-results plan [ID…]  shows the requests that get would make

Run ids are arguments, or in --file or a pipe: a list, NDJSON, a column of CSV.
  -f, --file FILE       read run ids from here; - is standard input
      --column NAME     the column of run ids in CSV, by its name or its number
  -o, --out FILE        write here: .txt, .json, .ndjson, .csv; never overwrites
      --format FORMAT   text, json, ndjson or csv, whatever the name of --out
      --bom             begin CSV with a byte order mark, for spreadsheets
      --resume          continue an NDJSON file: fetch only what it lacks
      --fail-fast       stop at the first failure
      --concurrency N   requests in flight at once, 1 to 64 (6)
      --retries N       further attempts, 0 to 20 (3)
      --timeout SECONDS (60), --deadline SECONDS  for one attempt, for the call
      --base-url URL, --header "NAME: VALUE"  for a proxy of your own
      --key-file FILE   holds the API key; else it is in CAMB_API_KEY
      --progress, --quiet, --verbose  more, no summary, a line for each failure
  -h, --help, -v, --version
Exit codes: 0 all fetched; 1 some failed, or the output cannot be written; 2
usage; 3 key refused; 130, 143 interrupted, terminated; 141 output was closed.
`;
