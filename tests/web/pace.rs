//! The pace belongs to a client and its clones.

use futures_util::future::join;
use js_sys::Function;
use translation_results::Client;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{at, client, ids, requests, results_of, service, wait};

/// Returns when a double got its request of this number, in ms.
fn sent_at(fetch: &Function, number: usize) -> f64 {
    at(fetch, &format!("calls.{number}.at")).as_f64().unwrap()
}

/// Lets the service refuse one client for 400 ms. Makes a call with the other client meanwhile. Returns the time from
/// the first request to the second, in ms.
async fn gap_between(refused: Client, other: Client, fetch: &Function) -> f64 {
    let list = refused.get_all_results(ids([1, 2, 3]));
    let late = async {
        wait(30.0).await;
        assert_eq!(requests(fetch), 1);
        other.get_all_results(ids([7, 8])).await
    };
    let (outcome, other) = join(list, late).await;
    assert_eq!(outcome.unwrap().results, results_of([1, 2, 3]));
    assert_eq!(other.unwrap().results, results_of([7, 8]));
    assert_eq!(requests(fetch), 3);
    sent_at(fetch, 1) - sent_at(fetch, 0)
}

const REFUSED_ONCE: &str = r#"{"script":[[429,"",{"retry-after-ms":"400"}]]}"#;

#[wasm_bindgen_test]
async fn clones_share_the_pace() {
    let fetch = service(REFUSED_ONCE);
    let client = client(&fetch);
    let gap = gap_between(client.clone(), client, &fetch).await;
    assert!(gap > 390.0, "{gap} ms");
}

#[wasm_bindgen_test]
async fn other_clients_do_not_share_the_pace() {
    let fetch = service(REFUSED_ONCE);
    let gap = gap_between(client(&fetch), client(&fetch), &fetch).await;
    assert!(gap < 390.0, "{gap} ms");
}
