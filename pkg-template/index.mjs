// The ES entry for Node hands on the CommonJS one: a process that uses both `import` and `require` has one set of
// classes, and `instanceof` holds between them.
import api from "./index.cjs";

export const {
  ApiError,
  InvalidOptionsError,
  InvalidResponseError,
  InvalidRunIdsError,
  NetworkError,
  TimeoutError,
  TranslationResultsClient,
  TranslationResultsError,
  checkRunIds,
  planBatches,
} = api;
