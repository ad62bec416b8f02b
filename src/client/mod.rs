//! The client.

pub mod call;
pub mod drive;
pub mod exchange;
pub mod failure;
pub mod reading;
pub mod refusal;
pub mod results;
pub mod shared;
pub mod singles;
pub mod stream;
pub mod task;

use std::rc::Rc;

use futures_core::Stream;

use crate::core::answer::TranslationResult;
use crate::core::batch::{Batch, without_repeats};
use crate::core::error::Error;
use crate::core::options::{DEFAULT_BASE_URL, Platform, Settings};
use crate::core::outcome::{BulkOutcome, Stopped, StreamItem, TranslationResults};
use crate::core::run_id::RunId;
use crate::options::{BulkOptions, CallOptions, ClientOptions};
use crate::web::fetch::Fetch;
use crate::web::{host, url};
use call::{Call, Sink, Wanted};
use failure::Failure;
use results::{BatchResults, ListResults, typed};
use shared::Shared;
use singles::Single;
use task::Task;

/// Asks the service for results. It holds the options, and one pace for all its calls: make one client and keep it.
///
/// Cheap to clone; clones share the pace. Dropping a returned future or stream cancels its requests.
///
/// ```no_run
/// use translation_results::{Client, ClientOptions, RunId};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::new(ClientOptions::new().base_url("/api/translations").max_retries(5))?;
/// let result = client.get_result(RunId::try_from(12345)?).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) shared: Rc<Shared>,
}

impl Client {
    /// Makes a client, and checks its options. Sends nothing.
    ///
    /// # Errors
    ///
    /// Fails with [`Code::InvalidOptions`](crate::Code::InvalidOptions) if an option is out of range, the key is not visible
    /// ASCII, a key would be sent unencrypted or held by a page, or there is no `fetch`.
    ///
    /// ```no_run
    /// use translation_results::{Client, ClientOptions};
    ///
    /// let client = Client::new(ClientOptions::new().base_url("/api/translations"))?;
    /// # Ok::<(), translation_results::Error>(())
    /// ```
    pub fn new(mut options: ClientOptions) -> Result<Self, Error> {
        let href = url::resolve(options.values.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL));
        let environment_key = if options.values.api_key.is_none() { host::environment_key() } else { None };
        let platform = Platform {
            href: href.as_deref(),
            environment_key: environment_key.as_deref(),
            in_browser: host::in_browser(),
        };
        let fetch = options.take_fetch();
        let settings = Settings::check(options.values, platform)?;
        if matches!(fetch, Fetch::Global) && !host::global(&["fetch"]).is_function() {
            return Err(Error::invalid_option("fetch", "is missing: pass a function, as there is no global fetch"));
        }
        Ok(Self { shared: Rc::new(Shared::new(settings, fetch, options.on_event)) })
    }

    /// Fetches the result of one run.
    ///
    /// Calls made together share requests of up to five runs, if their timeout, retries and headers are the same. A
    /// pending run is not asked for again for another caller. Each caller settles alone, and no result is cached.
    ///
    /// # Errors
    ///
    /// Fails with the error of that run; see [`Code`](crate::Code).
    ///
    /// ```no_run
    /// # async fn example(client: &translation_results::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use translation_results::RunId;
    ///
    /// let run_id = RunId::try_from(12345)?;
    /// println!("{:?}", client.get_result(run_id).await?.texts);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_result(&self, id: RunId) -> Result<TranslationResult, Error> {
        self.get_result_with(id, CallOptions::new()).await
    }

    /// Fetches as [`get_result`](Self::get_result) does, with options.
    ///
    /// # Errors
    ///
    /// Fails as [`get_result`](Self::get_result) does, or with [`Code::InvalidOptions`](crate::Code::InvalidOptions).
    ///
    /// ```no_run
    /// # async fn example(client: &translation_results::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use translation_results::{CallOptions, RunId};
    ///
    /// let options = CallOptions::new().deadline(Duration::from_secs(5));
    /// let result = client.get_result_with(RunId::try_from(12345)?, options).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_result_with(&self, id: RunId, options: CallOptions) -> Result<TranslationResult, Error> {
        let run = async { Single::ask(&self.shared, id, options)?.await };
        typed(run.await.map_err(|failure: Failure| failure.error)?)
    }

    /// Fetches the results of one batch with one POST.
    ///
    /// Fails unless every requested run is in the answer and well-formed.
    ///
    /// # Errors
    ///
    /// Fails with a refusal, a lost connection, a timeout, an invalid answer, or a missing run.
    ///
    /// ```no_run
    /// # async fn example(client: &translation_results::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use translation_results::{Batch, RunId};
    ///
    /// let batch = Batch::try_from([RunId::try_from(12345)?, RunId::try_from(6789)?])?;
    /// for (run_id, result) in client.get_results(batch).await? {
    ///     println!("{run_id}: {:?}", result.texts);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_results(&self, ids: Batch) -> Result<TranslationResults, Error> {
        self.get_results_with(ids, CallOptions::new()).await
    }

    /// Fetches as [`get_results`](Self::get_results) does, with options.
    ///
    /// # Errors
    ///
    /// Fails as [`get_results`](Self::get_results) does, or with [`Code::InvalidOptions`](crate::Code::InvalidOptions).
    ///
    /// ```no_run
    /// # async fn example(client: &translation_results::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use translation_results::{Batch, CallOptions, RunId};
    ///
    /// let batch = Batch::try_from([RunId::try_from(12345)?, RunId::try_from(6789)?])?;
    /// let results = client.get_results_with(batch, CallOptions::new().max_retries(0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_results_with(&self, ids: Batch, options: CallOptions) -> Result<TranslationResults, Error> {
        let results = Rc::new(BatchResults::default());
        let call = self.call(Wanted::Batch(ids.into_ids()), options, Rc::clone(&results) as _)?;
        Task::start(call.make()).await.map_err(|failure| failure.error)?;
        results.typed()
    }

    /// Fetches the results of any number of runs. Repeats are asked for once.
    ///
    /// One bad run fails alone. The call fails only if no further run can be fetched.
    ///
    /// # Errors
    ///
    /// Fails with 401, 402, 403 for every run, repeated refusals for pace, a wait of more than a minute, an invalid option,
    /// or an abort. [`Stopped`] has the results so far.
    ///
    /// ```no_run
    /// # async fn example(client: &translation_results::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use translation_results::RunId;
    ///
    /// let outcome = client.get_all_results((1..=1000).filter_map(RunId::new)).await?;
    /// println!("{} results", outcome.results.len());
    /// for failure in outcome.failures {
    ///     println!("{}: {}", failure.run_id, failure.error);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_all_results(&self, ids: impl IntoIterator<Item = RunId>) -> Result<BulkOutcome, Stopped> {
        self.get_all_results_with(ids, BulkOptions::new()).await
    }

    /// Fetches as [`get_all_results`](Self::get_all_results) does, with options.
    ///
    /// # Errors
    ///
    /// Fails as [`get_all_results`](Self::get_all_results) does.
    ///
    /// ```no_run
    /// # async fn example(client: &translation_results::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use translation_results::{BulkOptions, RunId};
    ///
    /// let options = BulkOptions::new().on_progress(|progress| println!("{} of {}", progress.succeeded, progress.total));
    /// let outcome = client.get_all_results_with((1..=1000).filter_map(RunId::new), options).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_all_results_with(
        &self,
        ids: impl IntoIterator<Item = RunId>,
        options: BulkOptions,
    ) -> Result<BulkOutcome, Stopped> {
        let ids = without_repeats(ids);
        let results = Rc::new(ListResults::new(options.on_item, options.on_progress));
        let made = match self.call(Wanted::List(ids.clone()), options.call, Rc::clone(&results) as _) {
            Ok(call) => Task::start(call.make()).await.map_err(|failure| failure.error),
            Err(error) => Err(error),
        };
        let (partial, pending) = results.take(&ids);
        match made {
            Ok(()) => Ok(partial),
            Err(error) => Err(Stopped { error, partial, pending }),
        }
    }

    /// Fetches the results of runs whose ids come from a stream. Yields one item per distinct run as it lands.
    ///
    /// The call reads at most 5 × concurrency ids ahead of the items taken.
    ///
    /// # Errors
    ///
    /// The error that would stop [`get_all_results`](Self::get_all_results) is the last item.
    ///
    /// ```no_run
    /// # async fn example(client: &translation_results::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::pin::pin;
    /// use futures_util::{StreamExt, stream};
    /// use translation_results::RunId;
    ///
    /// let run_ids = stream::iter((1..=1000).filter_map(RunId::new));
    /// let mut items = pin!(client.stream_results(run_ids));
    /// while let Some(item) = items.next().await {
    ///     let item = item?;
    ///     println!("{}: {}", item.run_id, item.result.is_ok());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream_results<S>(&self, ids: S) -> impl Stream<Item = Result<StreamItem, Error>> + use<S>
    where
        S: Stream<Item = RunId> + 'static,
    {
        self.stream_results_with(ids, BulkOptions::new())
    }

    /// Fetches as [`stream_results`](Self::stream_results) does, with options.
    ///
    /// # Errors
    ///
    /// The last item is an error as in [`stream_results`](Self::stream_results), or of an invalid option.
    ///
    /// ```no_run
    /// # async fn example(client: &translation_results::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use futures_util::{TryStreamExt, stream};
    /// use translation_results::{BulkOptions, RunId};
    ///
    /// let run_ids = stream::iter((1..=1000).filter_map(RunId::new));
    /// let items: Vec<_> = client.stream_results_with(run_ids, BulkOptions::new().concurrency(2)).try_collect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream_results_with<S>(
        &self,
        ids: S,
        options: BulkOptions,
    ) -> impl Stream<Item = Result<StreamItem, Error>> + use<S>
    where
        S: Stream<Item = RunId> + 'static,
    {
        stream::results(self, ids, options)
    }

    /// Checks the options of a call.
    pub(crate) fn call(&self, wanted: Wanted, options: CallOptions, sink: Rc<dyn Sink>) -> Result<Call, Error> {
        let settings = self.shared.settings.call.check(&options.values)?;
        let CallOptions { values, signal } = options;
        Ok(Call { shared: Rc::clone(&self.shared), settings, headers: values.request.headers, wanted, signal, sink })
    }
}
