/**
 * Checks a request's input as FastAPI with pydantic v2 does: with the same rules, messages and types, in the documented fields
 * `loc`, `msg` and `type`. So a string of an integer is accepted. Lists that are too long are refused before their elements are
 * checked, lists that are too short afterwards.
 */

const MIN_RUN_IDS = 2;
const MAX_RUN_IDS = 5;

/** The only strings that pydantic takes for an integer: ASCII digits, single underscores between them, `.0` after. */
const INTEGER_TEXT = /^\s*([+-]?\d+(?:_\d+)*)(?:\.0+)?\s*$/;

/**
 * @typedef {{ loc: (string | number)[], msg: string, type: string }} FieldError
 * @typedef {{ ids: string[], errors?: undefined } | { ids?: undefined, errors: FieldError[] }} Checked
 *   Run ids are decimal strings: a path may have an integer that a JavaScript number cannot represent.
 */

/**
 * @param {unknown} value
 * @param {(string | number)[]} loc
 * @returns {{ id: string, error?: undefined } | { id?: undefined, error: FieldError }}
 */
function checkRunId(value, loc) {
  const refuse = (type, msg) => ({ error: { loc, msg, type } });
  let integer;
  switch (typeof value) {
    case "string": {
      const digits = INTEGER_TEXT.exec(value)?.[1].replaceAll("_", "");
      if (digits === undefined) {
        return refuse("int_parsing", "Input should be a valid integer, unable to parse string as an integer");
      }
      integer = BigInt(digits);
      break;
    }
    case "number":
      if (!Number.isFinite(value)) return refuse("finite_number", "Input should be a finite number");
      if (!Number.isInteger(value)) {
        return refuse("int_from_float", "Input should be a valid integer, got a number with a fractional part");
      }
      integer = BigInt(value);
      break;
    case "boolean":
      integer = BigInt(value);
      break;
    default:
      return refuse("int_type", "Input should be a valid integer");
  }
  return integer > 0n ? { id: String(integer) } : refuse("greater_than", "Input should be greater than 0");
}

/** @param {string} text @returns {Checked} */
export function checkPathRunId(text) {
  const { id, error } = checkRunId(text, ["path", "run_id"]);
  return error ? { errors: [error] } : { ids: [id] };
}

/**
 * @param {string} text The request body.
 * @param {string} contentType
 * @returns {Checked}
 */
export function checkBody(text, contentType) {
  const refuse = (loc, type, msg) => ({ errors: [{ loc, msg, type }] });
  if (text === "") return refuse(["body"], "missing", "Field required");

  // FastAPI parses a body only if its type is JSON. Any other body reaches the model as bytes.
  let body = text;
  if (/^application\/(?:[^;\s]+\+)?json\s*(?:;|$)/i.test(contentType)) {
    try {
      body = JSON.parse(text);
    } catch {
      // FastAPI adds the offset of the error to `loc`. JavaScript engines do not report it in a common way.
      return refuse(["body"], "json_invalid", "JSON decode error");
    }
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    const msg = "Input should be a valid dictionary or object to extract fields from";
    return refuse(["body"], "model_attributes_type", msg);
  }
  const loc = ["body", "run_ids"];
  if (!Object.hasOwn(body, "run_ids")) return refuse(loc, "missing", "Field required");
  return checkRunIds(body.run_ids, loc);
}

/**
 * @param {unknown} values
 * @param {string[]} loc
 * @returns {Checked}
 */
function checkRunIds(values, loc) {
  const refuse = (type, msg) => ({ errors: [{ loc, msg, type }] });
  if (!Array.isArray(values)) return refuse("list_type", "Input should be a valid list");
  const count = values.length;
  if (count > MAX_RUN_IDS) {
    return refuse("too_long", `List should have at most ${MAX_RUN_IDS} items after validation, not ${count}`);
  }
  const checked = values.map((value, index) => checkRunId(value, [...loc, index]));
  const errors = checked.flatMap(({ error }) => error ?? []);
  if (errors.length > 0) return { errors };
  if (count < MIN_RUN_IDS) {
    return refuse("too_short", `List should have at least ${MIN_RUN_IDS} items after validation, not ${count}`);
  }
  const ids = checked.map(({ id }) => id);
  const duplicates = ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : { loc: [...loc, index], msg: `Value error, Run ID ${id} is given more than once`, type: "value_error" });
  return duplicates.length > 0 ? { errors: duplicates } : { ids };
}
