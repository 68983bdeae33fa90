//! The lists that are measured: 20 combinations of filter, sort and scope, named in docs/benchmarks.md, and what stands beside
//! them on the screens: a board, a search, a timeline.

use std::sync::Arc;

use crate::data::Base;
use crate::http::Request;
use crate::load::Case;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asker {
    /// One rep: a thousandth of the rows.
    Rep,
    /// A director: a tenth of the rows.
    Director,
    /// Operations: every row.
    Operations,
}

/// The name in the report, who asks, the query behind `/opportunities?`.
type Query = (&'static str, Asker, &'static str);

/// `{team}` is a team of ten, `{product}` a product, `{stage}` an open stage.
const QUERIES: [Query; 20] = [
    ("own, newest", Asker::Rep, ""),
    ("own by amount", Asker::Rep, "sort=-amount"),
    ("own open by expected close", Asker::Rep, "status=open&sort=expected_close_on"),
    ("own won, last closed", Asker::Rep, "status=won&sort=-closed_on"),
    ("team, newest", Asker::Director, "team_id={team}"),
    ("team by amount", Asker::Director, "team_id={team}&sort=-amount"),
    ("team open by expected close", Asker::Director, "team_id={team}&status=open&sort=expected_close_on"),
    ("team in a stage by amount", Asker::Director, "team_id={team}&stage_id={stage}&sort=-amount"),
    ("team, a product by amount", Asker::Director, "team_id={team}&product_id={product}&sort=-amount"),
    (
        "team, amounts from to, by amount",
        Asker::Director,
        "team_id={team}&amount_from=20000&amount_to=30000&sort=-amount",
    ),
    ("team, customer's text, by amount", Asker::Director, "team_id={team}&text=Customer%2012&sort=-amount"),
    ("region, newest", Asker::Director, ""),
    ("region by amount", Asker::Director, "sort=-amount"),
    ("region open by expected close", Asker::Director, "status=open&sort=expected_close_on"),
    ("region lost, last closed", Asker::Director, "status=lost&sort=-closed_on"),
    ("region, customer's text, newest", Asker::Director, "text=Customer%2012"),
    ("company by amount", Asker::Operations, "sort=-amount"),
    ("company open by expected close", Asker::Operations, "status=open&sort=expected_close_on"),
    ("company, a rare text, by amount", Asker::Operations, "text=Customer%2019999&sort=-amount"),
    (
        "company, a product and amounts, last closed",
        Asker::Operations,
        "product_id={product}&amount_from=20000&amount_to=30000&sort=-closed_on",
    ),
];

/// The cases with their bars.
pub fn cases(base: &Base) -> Vec<(Case, &'static str)> {
    let list = |(name, asker, query): Query| {
        let query = query
            .replace("{team}", &base.team.to_string())
            .replace("{product}", &base.product.to_string())
            .replace("{stage}", &base.stage.to_string());
        (get(name, format!("/api/v1/opportunities?{query}"), token(base, asker)), "p99 25 ms")
    };
    let mut all: Vec<(Case, &'static str)> = QUERIES.into_iter().map(list).collect();
    let board = format!("/api/v1/pipelines/{}/board?team_id={}", base.pipeline, base.team);
    all.push((get("board of a team", board, &base.director), "p99 50 ms"));
    all.push((get("search, own", "/api/v1/search?q=Customer%2012".to_owned(), &base.rep), "p99 30 ms"));
    all.push((get("search, company", "/api/v1/search?q=Customer%2012".to_owned(), &base.operations), "p99 30 ms"));
    all.push((get("desk of a rep", "/api/v1/desk".to_owned(), &base.rep), "p99 50 ms"));
    all.push((get("desk of a director", "/api/v1/desk/team".to_owned(), &base.director), "p99 50 ms"));
    let (deals, token) = (base.deals.clone(), base.rep.clone());
    let timeline = move |number: u64| {
        let deal = deals[usize::try_from(number).unwrap_or(0) * 7919 % deals.len()];
        Request::get(&format!("/api/v1/records/opportunity/{deal}/timeline"), &token)
    };
    all.push((Case { name: "timeline of a record", make: Arc::new(timeline), status: 200 }, "p99 10 ms"));
    all
}

fn token(base: &Base, asker: Asker) -> &str {
    match asker {
        Asker::Rep => &base.rep,
        Asker::Director => &base.director,
        Asker::Operations => &base.operations,
    }
}

fn get(name: &'static str, path: String, token: &str) -> Case {
    let request = Request::get(&path, token);
    Case { name, make: Arc::new(move |_| request.clone()), status: 200 }
}
