//! The same call with `gloo-net` and serde.

use std::collections::BTreeMap;

use gloo_net::http::Request;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

#[derive(Serialize)]
struct Body {
    run_ids: Vec<u32>,
}

#[derive(Deserialize)]
struct TranslationResult {
    texts: Vec<String>,
}

type Results = BTreeMap<u64, TranslationResult>;

/// Fetches the runs and returns the number of their texts.
#[wasm_bindgen]
pub async fn count(base_url: String, api_key: String, run_ids: Vec<u32>) -> Result<usize, JsError> {
    let response = Request::post(&format!("{base_url}/translation-results"))
        .header("x-api-key", &api_key)
        .json(&Body { run_ids: run_ids.clone() })?
        .send()
        .await?;
    if !response.ok() {
        return Err(JsError::new(&format!("status {}", response.status())));
    }
    total(&response.json().await?, &run_ids)
}

fn total(results: &Results, run_ids: &[u32]) -> Result<usize, JsError> {
    let mut texts: usize = 0;
    for &run_id in run_ids {
        let result = results.get(&u64::from(run_id)).ok_or_else(|| JsError::new("a run is missing"))?;
        texts = texts.saturating_add(result.texts.len());
    }
    Ok(texts)
}
