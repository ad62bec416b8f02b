//! This crate's client.

use std::cell::RefCell;

use translation_results::{Batch, Client, ClientOptions, Error, RunId};
use wasm_bindgen::prelude::*;

thread_local! {
    /// The last client and its base URL: an application keeps one.
    static CLIENT: RefCell<Option<(String, Client)>> = const { RefCell::new(None) };
}

fn client(base_url: String, api_key: String) -> Result<Client, Error> {
    if let Some(client) =
        CLIENT.with_borrow(|made| made.as_ref().filter(|made| made.0 == base_url).map(|made| made.1.clone()))
    {
        return Ok(client);
    }
    let options =
        ClientOptions::new().base_url(&base_url).api_key(api_key).dangerously_allow_browser(true).max_retries(1);
    let client = Client::new(options)?;
    CLIENT.set(Some((base_url, client.clone())));
    Ok(client)
}

/// Fetches the runs and returns the number of their texts.
#[wasm_bindgen]
pub async fn count(base_url: String, api_key: String, run_ids: Vec<u32>) -> Result<usize, JsError> {
    let batch = Batch::new(run_ids.into_iter().filter_map(|id| RunId::new(u64::from(id))))?;
    let results = client(base_url, api_key)?.get_results(batch).await?;
    Ok(results.values().map(|result| result.texts.len()).sum())
}
