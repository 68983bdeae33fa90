//! Makes the database of a write load: `prepare-load URL`.
#![allow(clippy::expect_used)]

use qiao_store::DatabaseUrl;
use qiao_testkit::{load, open};

#[tokio::main]
async fn main() {
    let url = std::env::args().nth(1).expect("prepare-load URL");
    let store = open(&DatabaseUrl::parse(&url).expect("a database URL"), None).await;
    load::prepare(&store).await.expect("what the load refers to is made");
    store.close().await;
}
