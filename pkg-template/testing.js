// A service in memory, for the tests of applications. It is the sample API that the demo page and the package's own tests use.
export { createSampleFetch } from "../www/sample-api/fetch.js";
