//! A module of plain wasm-bindgen that fetches any number of runs, for Node and for every other target of wasm-bindgen.

use translation_results::{Client, ClientOptions, RunId};
use wasm_bindgen::prelude::*;

/// Returns one line for each run: its texts, or the code of its error.
#[wasm_bindgen]
pub async fn report(base_url: String, api_key: String, run_ids: Vec<u32>) -> Result<String, JsError> {
    let client = Client::new(ClientOptions::new().base_url(base_url).api_key(api_key))?;
    let run_ids = run_ids.into_iter().map(|id| RunId::try_from(u64::from(id))).collect::<Result<Vec<_>, _>>()?;
    let outcome = client.get_all_results(run_ids).await?;
    let mut lines: Vec<String> = Vec::new();
    for (run_id, result) in outcome.results {
        lines.push(format!("{run_id}: {}", result.texts.join(" ")));
    }
    for failure in outcome.failures {
        lines.push(format!("{}: {}", failure.run_id, failure.error.code().as_str()));
    }
    Ok(lines.join("\n"))
}
