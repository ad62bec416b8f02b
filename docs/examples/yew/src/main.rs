//! A page that fetches a list of runs: the results as they land, a progress bar, and the errors.

use translation_results::{BulkOptions, BulkProgress, Client, ClientOptions, RunId, StreamItem};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// A proxy on the page's own origin that adds the key.
const BASE_URL: &str = "/apis";
const RUN_IDS: [u64; 4] = [12345, 6789, 404404, 20417];

/// Fetches the runs, and passes each to the page as it lands.
async fn fetch(landed: Callback<StreamItem>, progressed: Callback<BulkProgress>, stopped: Callback<String>) {
    let client = match Client::new(ClientOptions::new().base_url(BASE_URL)) {
        Ok(client) => client,
        Err(error) => return stopped.emit(error.to_string()),
    };
    let options = BulkOptions::new()
        .on_item(move |item| landed.emit(item.clone()))
        .on_progress(move |&progress| progressed.emit(progress));
    if let Err(error) = client.get_all_results_with(RUN_IDS.into_iter().filter_map(RunId::new), options).await {
        stopped.emit(error.to_string());
    }
}

enum Message {
    Landed(StreamItem),
    Progressed(BulkProgress),
    Stopped(String),
}

#[derive(Default)]
struct Runs {
    items: Vec<StreamItem>,
    progress: BulkProgress,
    error: Option<String>,
}

impl Component for Runs {
    type Message = Message;
    type Properties = ();

    fn create(context: &Context<Self>) -> Self {
        let link = context.link();
        spawn_local(fetch(
            link.callback(Message::Landed),
            link.callback(Message::Progressed),
            link.callback(Message::Stopped),
        ));
        Self::default()
    }

    fn update(&mut self, _context: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Landed(item) => self.items.push(item),
            Message::Progressed(progress) => self.progress = progress,
            Message::Stopped(error) => self.error = Some(error),
        }
        true
    }

    fn view(&self, _context: &Context<Self>) -> Html {
        let BulkProgress { total, succeeded, failed, .. } = self.progress;
        html! {
            <main>
                <progress max={total.to_string()} value={(succeeded + failed).to_string()} />
                <output>{ format!("{succeeded} of {total}, {failed} failed") }</output>
                if let Some(error) = &self.error {
                    <p role="alert">{ error }</p>
                }
                <ul>{ for self.items.iter().map(run) }</ul>
            </main>
        }
    }
}

fn run(item: &StreamItem) -> Html {
    let text = match &item.result {
        Ok(result) => result.texts.join(" "),
        Err(error) => error.to_string(),
    };
    html! { <li class={if item.result.is_ok() { "done" } else { "failed" }}>{ format!("{}: {text}", item.run_id) }</li> }
}

fn main() {
    yew::Renderer::<Runs>::new().render();
}
