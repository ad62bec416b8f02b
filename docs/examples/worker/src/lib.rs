//! A Cloudflare Worker that answers `GET /runs/12345,6789` with the texts of the runs, so that its users need no key.

use serde_json::{Map, json};
use translation_results::{Client, ClientOptions, RunId};
use worker::{Context, Env, Request, Response, Result, RouteContext, Router, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    Router::new().get_async("/runs/:ids", runs).run(request, env).await
}

async fn runs(_request: Request, context: RouteContext<()>) -> Result<Response> {
    let ids = context.param("ids").map_or("", |ids| ids);
    let Some(run_ids) = ids.split(',').map(parse).collect::<Option<Vec<_>>>() else {
        return Response::error("a run id is an integer above 0", 400);
    };
    let mut options = ClientOptions::new().api_key(context.secret("CAMB_API_KEY")?.to_string());
    if let Ok(base_url) = context.var("CAMB_BASE_URL") {
        options = options.base_url(base_url.to_string());
    }
    let client = Client::new(options).map_err(|error| error.to_string())?;
    let outcome = match client.get_all_results(run_ids).await {
        Ok(outcome) => outcome,
        Err(stopped) => return Response::error(stopped.to_string(), 502),
    };
    let mut answer = Map::new();
    for (run_id, result) in outcome.results {
        answer.insert(run_id.to_string(), json!({ "texts": result.texts }));
    }
    for failure in outcome.failures {
        answer.insert(failure.run_id.to_string(), json!({ "error": failure.error.code().as_str() }));
    }
    Response::from_json(&answer)
}

fn parse(id: &str) -> Option<RunId> {
    RunId::try_from(id.trim().parse::<u64>().ok()?).ok()
}
