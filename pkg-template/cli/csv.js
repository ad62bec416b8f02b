// Writes rows of results as CSV.
import { stringify } from "csv-stringify/sync";
import { statusOf } from "./formats.js";

const OPTIONS = { record_delimiter: "windows", quoted_string: true, cast: { boolean: statusOf } };

/** Returns the rows of one run as CSV. Only one run is in memory at a time. See {@link import("./formats.js").Encoder}. */
export const csvOf = (rows) => stringify(rows, OPTIONS);
