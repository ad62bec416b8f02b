/** The rules in messages for refused options. */
export const NO_URL = "must be a URL, and may be relative in a page only";
export const NO_BASE = "must be an http or https URL without user, password, query or fragment";
export const IN_THE_CLEAR =
  "must be https where there is an apiKey, which http would send unencrypted (loopback hosts may be http)";
export const NO_KEY = "must be visible ASCII characters without spaces, as shown in the service's studio";
export const A_FUNCTION = "must be a function";
export const MS = "must be a number of milliseconds from 1 to 2147483647";
export const RETRIES = "must be an integer from 0 to 20";
export const STRINGS = "must be Headers or a plain object of strings";
export const NO_NAME = "must have names of letters, digits and !#$%&'*+-.^_`|~";
export const NO_VALUE = "must have values of Latin-1 characters, without control characters except tabs";
export const OUR_KEY = "must not have x-api-key, which is set from apiKey";
export const OUR_TYPE = "must not have content-type, which is always application/json";
