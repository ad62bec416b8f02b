use std::error::Error;
use std::time::Duration;
use translation_results::{
    BulkOptions, CallOptions, Client,
    ClientOptions, RunId,
};

async fn print(
    key: String,
) -> Result<(), Box<dyn Error>> {
    let run_ids = [52001, 52002]
        .into_iter()
        .filter_map(RunId::new);
    let options = ClientOptions::new()
        .api_key(key)
        .timeout(Duration::from_millis(1500))
        .max_retries(5);
    let client = Client::new(options)?;
    let deadline = Duration::from_millis(20000);
    let options = BulkOptions::new()
        .call(
            CallOptions::new().deadline(deadline),
        );
    let outcome = client
        .get_all_results_with(run_ids, options)
        .await?;

    println!("{:?}", outcome.results);
    for failure in outcome.failures {
        eprintln!("{:?}", failure);
    }
    Ok(())
}
