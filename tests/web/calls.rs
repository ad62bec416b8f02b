//! One call of each method, for what holds for all of them.

use std::pin::Pin;

use futures_util::future::try_join;
use futures_util::{StreamExt, stream};
use js_sys::Function;
use translation_results::{CallOptions, Client, Error};

use crate::doubles::{answers, batch, id, ids, silent, stalled};

/// A call that ends with its error, if it fails. All results are dropped.
pub type Call = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

type Start = fn(Client, CallOptions) -> Call;

/// Returns a function for each method of a client, by the method's name. It makes a call for the runs 7 and 8.
pub fn methods() -> [(&'static str, Start); 4] {
    [
        ("get_result", |client, options| {
            Box::pin(async move {
                let seven = client.get_result_with(id(7), options.clone());
                try_join(seven, client.get_result_with(id(8), options)).await.map(drop)
            })
        }),
        ("get_results", |client, options| {
            Box::pin(async move { client.get_results_with(batch(), options).await.map(drop) })
        }),
        ("get_all_results", |client, options| {
            Box::pin(async move {
                let outcome = client.get_all_results_with(ids([7, 8]), options.into()).await;
                outcome.map(drop).map_err(|stopped| stopped.error)
            })
        }),
        ("stream_results", |client, options| {
            Box::pin(async move {
                let items = client.stream_results_with(stream::iter(ids([7, 8])), options.into());
                items.collect::<Vec<_>>().await.into_iter().try_for_each(|item| item.map(drop))
            })
        }),
    ]
}

/// Returns doubles that hold a call up for good, by the stage in which the call then is.
pub fn stages() -> [(&'static str, Function); 3] {
    [
        ("before the headers", silent()),
        ("in the body", stalled()),
        ("before a retry", answers(r#"[[503,"",{"retry-after":"30"}]]"#)),
    ]
}
