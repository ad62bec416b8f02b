// As `index.mjs`, for the slim entry.
import api from "./slim.cjs";

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
  init,
  planBatches,
} = api;
