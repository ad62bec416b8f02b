//! The public surface of `Client`: a method that is removed, renamed or changed does not compile here.

use std::fmt::Debug;
use std::pin::Pin;

use futures_util::stream::{Iter, Stream};
use js_sys::Function;
use translation_results::{
    Batch, BulkOptions, BulkOutcome, CallOptions, Client, ClientOptions, Error, RunId, Stopped, StreamItem,
    TranslationResult, TranslationResults,
};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortSignal;

type Ids = Vec<RunId>;
type Made<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
type Items = Pin<Box<dyn Stream<Item = Result<StreamItem, Error>>>>;
type Source = Iter<std::vec::IntoIter<RunId>>;

#[wasm_bindgen_test]
fn the_client_has_its_methods() {
    fn printed<T: Clone + Debug>() {}
    printed::<Client>();
    let _: fn(ClientOptions) -> Result<Client, Error> = Client::new;
    let _: for<'a> fn(&'a Client, RunId) -> Made<'a, Result<TranslationResult, Error>> =
        |client, id| Box::pin(client.get_result(id));
    let _: for<'a> fn(&'a Client, RunId, CallOptions) -> Made<'a, Result<TranslationResult, Error>> =
        |client, id, options| Box::pin(client.get_result_with(id, options));
    let _: for<'a> fn(&'a Client, Batch) -> Made<'a, Result<TranslationResults, Error>> =
        |client, ids| Box::pin(client.get_results(ids));
    let _: for<'a> fn(&'a Client, Batch, CallOptions) -> Made<'a, Result<TranslationResults, Error>> =
        |client, ids, options| Box::pin(client.get_results_with(ids, options));
    let _: for<'a> fn(&'a Client, Ids) -> Made<'a, Result<BulkOutcome, Stopped>> =
        |client, ids| Box::pin(client.get_all_results(ids));
    let _: for<'a> fn(&'a Client, Ids, BulkOptions) -> Made<'a, Result<BulkOutcome, Stopped>> =
        |client, ids, options| Box::pin(client.get_all_results_with(ids, options));
    // A stream outlives the client that it comes from.
    let _: fn(&Client, Source) -> Items = |client, ids| Box::pin(client.stream_results(ids));
    let _: fn(&Client, Source, BulkOptions) -> Items =
        |client, ids, options| Box::pin(client.stream_results_with(ids, options));
}

#[wasm_bindgen_test]
fn options_take_values_of_the_platform() {
    let _: fn(ClientOptions, Function) -> ClientOptions = ClientOptions::fetch;
    let _: fn(CallOptions, &AbortSignal) -> CallOptions = CallOptions::signal;
}
