import init from "./yew.js";

await init();
