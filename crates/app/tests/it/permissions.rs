//! Every endpoint, as every role, on own, team and foreign rows. An endpoint that is missing here fails the test.

use std::collections::BTreeSet;

use qiao_app::context::Role;
use qiao_testkit::BACKENDS;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::World;

/// What a row of the table expects of a role's request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Expect {
    /// 2xx.
    Yes,
    /// 403.
    Forbidden,
    /// 404: not there or not yours to see.
    Hidden,
    /// 2xx with an empty list.
    Empty,
    /// 412: allowed, and of a version that was not read.
    Stale,
    /// 422: allowed, and wrong.
    Wrong,
}
use Expect::{Empty, Forbidden, Hidden, Stale, Wrong, Yes};

/// rep, manager, director, operations, finance, hr, auditor, administrator.
type Row = [Expect; 8];

const ALL: Row = [Yes; 8];
/// Whoever sees every row.
const SEES_ALL: Row = [Hidden, Hidden, Hidden, Yes, Yes, Yes, Yes, Yes];

struct Case {
    method: &'static str,
    /// The path in openapi.json.
    template: &'static str,
    /// The path that is asked.
    path: String,
    body: Option<Value>,
    /// The version of a PATCH.
    if_match: Option<&'static str>,
    expect: Row,
}

fn case(method: &'static str, template: &'static str, path: &str, body: Option<Value>, expect: Row) -> Case {
    Case { method, template, path: format!("/api/v1{path}"), body, if_match: None, expect }
}

async fn cases(world: &World) -> Vec<Case> {
    let (rep, mate, near, far) =
        (world.person("rep").await, world.person("mate").await, world.person("near").await, world.person("far").await);
    let (one, two, east, west) = (
        world.team("East/One").await,
        world.team("East/Two").await,
        world.team("East").await,
        world.team("West").await,
    );
    let plans = world.get("operations", "/api/v1/plans").await;
    let plan = plans.body["items"][0]["id"].as_str().unwrap().to_owned();
    let users = world.get("administrator", "/api/v1/users?limit=200").await;
    let user = users.body["items"][0]["id"].as_str().unwrap().to_owned();
    let mut cases = vec![
        case("GET", "/me", "/me", None, ALL),
        case("PATCH", "/me", "/me", Some(json!({"locale": "zh-CN"})), ALL),
        case("GET", "/people", "/people", None, ALL),
        case("GET", "/teams", "/teams", None, [Empty, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
        case("GET", "/tokens", "/tokens", None, ALL),
        case("POST", "/tokens", "/tokens", Some(json!({"name": "t"})), ALL),
        case("DELETE", "/tokens/{id}", &format!("/tokens/{plan}"), None, [Hidden; 8]),
        case("GET", "/pace", "/pace?period=2026-03", None, ALL),
        case("GET", "/pace/explanation", "/pace/explanation?period=2026-03", None, ALL),
        case("GET", "/metrics", "/metrics", None, ALL),
        case("GET", "/metrics/{code}", "/metrics/won_amount", None, ALL),
        case("GET", "/metrics/{code}", "/metrics/nothing", None, [Hidden; 8]),
        case("GET", "/plans", "/plans", None, ALL),
        case("GET", "/plans/{id}", &format!("/plans/{plan}"), None, ALL),
        case("GET", "/plans/{id}/people", &format!("/plans/{plan}/people"), None, ALL),
        case("GET", "/plans/{id}/curves", &format!("/plans/{plan}/curves"), None, ALL),
        case(
            "GET",
            "/estimates",
            "/estimates?period=2026-03",
            None,
            [Yes, Empty, Empty, Empty, Empty, Empty, Empty, Empty],
        ),
        case("GET", "/users", "/users", None, [Empty, Empty, Empty, Empty, Empty, Empty, Empty, Yes]),
        case(
            "GET",
            "/users/{id}",
            &format!("/users/{user}"),
            None,
            [Hidden, Hidden, Hidden, Hidden, Hidden, Hidden, Hidden, Yes],
        ),
    ];
    let only_operations = [Forbidden, Forbidden, Forbidden, Yes, Forbidden, Forbidden, Forbidden, Forbidden];
    let source = "id: q\nname: Q\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\nwho: {people: [rep]}\ncomponents:\n  - id: c\n    name: C\n    basis: sale_recorded\n    rate: {flat: 1%}\n";
    cases.push(case("POST", "/plans", "/plans", Some(json!({"source": source})), only_operations));
    let only_administrator = [Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Yes];
    let new = json!({"email": "made@example.com", "name": "m", "role": "rep"});
    cases.push(case("POST", "/users", "/users", Some(new), only_administrator));
    cases.extend(organisation(world, &user).await);
    // Own, own team, another team of the region, another region.
    let by_person = [
        (rep, [Yes, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
        (mate, [Hidden, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
        (near, [Hidden, Hidden, Yes, Yes, Yes, Yes, Yes, Yes]),
        (far, SEES_ALL),
    ];
    for (person, expect) in by_person {
        for part in ["values", "facts", "explanation"] {
            let template: &'static str = match part {
                "values" => "/metrics/{code}/values",
                "facts" => "/metrics/{code}/facts",
                _ => "/metrics/{code}/explanation",
            };
            let path = format!("/metrics/won_amount/{part}?subject=person:{person}&period=2026-03");
            cases.push(case("GET", template, &path, None, expect));
        }
        // Nobody here holds the pay grant: one's own pay only, 403 in scope, 404 out of it.
        let pay = expect.map(|e| if e == Yes { Forbidden } else { e });
        let pay = if person == rep { [Yes, pay[1], pay[2], pay[3], pay[4], pay[5], pay[6], pay[7]] } else { pay };
        cases.push(case(
            "GET",
            "/people/{id}/estimate",
            &format!("/people/{person}/estimate?period=2026-03"),
            None,
            pay,
        ));
        let path = format!("/people/{person}/estimate/explanation?period=2026-03");
        cases.push(case("GET", "/people/{id}/estimate/explanation", &path, None, pay));
        let path = format!("/people/{person}/estimate/lines?period=2026-03");
        cases.push(case("GET", "/people/{id}/estimate/lines", &path, None, pay));
        // Whose target a curve is drawn by.
        let path = format!("/plans/{plan}/curves?person={person}");
        cases.push(case("GET", "/plans/{id}/curves", &path, None, expect));
    }
    for (team, expect) in [
        (one, [Hidden, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
        (two, [Hidden, Hidden, Yes, Yes, Yes, Yes, Yes, Yes]),
        (east, [Hidden, Hidden, Yes, Yes, Yes, Yes, Yes, Yes]),
        (west, SEES_ALL),
    ] {
        let path = format!("/teams/{team}/attainment?metric=won_amount&period=2026-03");
        cases.push(case("GET", "/teams/{id}/attainment", &path, None, expect));
        let path = format!("/metrics/won_amount/values?subject=team:{team}&period=2026-03");
        cases.push(case("GET", "/metrics/{code}/values", &path, None, expect));
    }
    let path = "/metrics/won_amount/values?subject=company&period=2026-03";
    cases.push(case("GET", "/metrics/{code}/values", path, None, SEES_ALL));
    for (person, expect) in by_person {
        let facts = world
            .get("finance", &format!("/api/v1/metrics/won_amount/facts?subject=person:{person}&period=2026-03"))
            .await;
        let deal = facts.body["items"][0]["record"]["id"].as_str().unwrap().to_owned();
        let path = format!("/records/opportunity/{deal}");
        cases.push(case("GET", "/records/{type}/{id}", &path, None, expect));
    }
    cases
}

/// Whoever keeps people and teams: operations, HR, administrator.
const KEEPERS: [bool; 8] = [false, false, false, true, false, true, false, true];

/// People, teams, users and roles. The people and teams that are changed are made for it: nobody else counts on them.
async fn organisation(world: &World, user: &str) -> Vec<Case> {
    let only = |may: [bool; 8], yes: Expect| may.map(|may| if may { yes } else { Forbidden });
    let keepers = only(KEEPERS, Yes);
    let mut cases = vec![case("GET", "/roles", "/roles", None, ALL)];
    for (name, expect) in [
        ("rep", ALL),
        ("mate", [Hidden, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
        ("near", [Hidden, Hidden, Yes, Yes, Yes, Yes, Yes, Yes]),
        ("far", SEES_ALL),
    ] {
        let id = world.person(name).await;
        cases.push(case("GET", "/people/{id}", &format!("/people/{id}"), None, expect));
        cases.push(case("GET", "/people/{id}/memberships", &format!("/people/{id}/memberships"), None, expect));
        cases.push(case("GET", "/people/{id}/open-records", &format!("/people/{id}/open-records"), None, expect));
    }
    for (path, expect) in [
        ("East/One", [Hidden, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
        ("East/Two", [Hidden, Hidden, Yes, Yes, Yes, Yes, Yes, Yes]),
        ("West", SEES_ALL),
    ] {
        let id = world.team(path).await;
        cases.push(case("GET", "/teams/{id}", &format!("/teams/{id}"), None, expect));
    }
    let team = world.made("hr", "/api/v1/teams", json!({"name": "Empty"})).await["id"].as_str().unwrap().to_owned();
    let new = json!({"name": "n", "team_id": team, "start_date": "2026-01-01"});
    let person = world.made("hr", "/api/v1/people", new).await;
    let membership = person["memberships"][0]["id"].as_str().unwrap().to_owned();
    let person = format!("/people/{}", person["id"].as_str().unwrap());
    let tagged = |case: Case| Case { if_match: Some("\"1\""), ..case };
    let own = format!("{person}/memberships/{membership}");
    cases.extend([
        case("POST", "/people", "/people", Some(json!({"name": "n"})), keepers),
        tagged(case("PATCH", "/people/{id}", &person, Some(json!({})), keepers)),
        tagged(case("PATCH", "/people/{id}/memberships/{membership}", &own, Some(json!({})), keepers)),
        // The first who may takes the last day of nobody back, the others find the same.
        tagged(case("DELETE", "/people/{id}/last-day", &format!("{person}/last-day"), None, keepers)),
        case("POST", "/teams", "/teams", Some(json!({"name": ""})), keepers),
        tagged(case("PATCH", "/teams/{id}", &format!("/teams/{team}"), Some(json!({})), keepers)),
        case("POST", "/teams/{id}/restoration", &format!("/teams/{team}/restoration"), None, keepers),
    ]);
    let administrator = [false, false, false, false, false, false, false, true];
    // Of a user who is not there, so that nobody of the table is signed out.
    let gone = Uuid::nil();
    let only_administrator = only(administrator, Hidden);
    cases.push(case("POST", "/users/{id}/password", &format!("/users/{gone}/password"), None, only_administrator));
    cases.push(case("DELETE", "/users/{id}/sessions", &format!("/users/{gone}/sessions"), None, only_administrator));
    cases.push(case(
        "DELETE",
        "/users/{id}/sessions",
        &format!("/users/{user}/sessions"),
        None,
        only(administrator, Yes),
    ));
    // Versions that nobody reads any more: who may is told so, who may not is refused first.
    let stale = |method, template, path: &str, body| Case {
        if_match: Some("\"99\""),
        ..case(method, template, path, body, only(KEEPERS, Stale))
    };
    let last = Some(json!({"last_day": "2026-12-31"}));
    cases.push(stale("PUT", "/people/{id}/last-day", &format!("{person}/last-day"), last));
    cases.push(stale("DELETE", "/people/{id}/memberships/{membership}", &own, None));
    cases.push(stale("DELETE", "/teams/{id}", &format!("/teams/{team}"), None));
    let move_back = Some(json!({"team_id": team, "from": "2025-01-01"}));
    cases.push(case(
        "POST",
        "/people/{id}/memberships",
        &format!("{person}/memberships"),
        move_back,
        only(KEEPERS, Wrong),
    ));
    cases
}

/// A kind of record in the table: its path, who may write it, a form for a new one.
struct Kind {
    list: &'static str,
    one: &'static str,
    writers: [bool; 8],
    form: Value,
    /// The record of each of rep, mate, near, far.
    ids: Vec<String>,
}

/// rep, manager, director, operations write sales.
const SALES: [bool; 8] = [true, true, true, true, false, false, false, false];
/// They and finance write contracts.
const CONTRACTS: [bool; 8] = [true, true, true, true, true, false, false, false];
/// Finance books money.
const MONEY: [bool; 8] = [false, false, false, false, true, false, false, false];
/// Manager, director, operations, administrator set targets.
const TARGETS: [bool; 8] = [false, true, true, true, false, false, false, true];

const OWNERS: [&str; 4] = ["rep", "mate", "near", "far"];

async fn id_of(world: &World, query: &str) -> String {
    let found = world.get("finance", &format!("/api/v1{query}")).await;
    found.body["items"][0]["id"].as_str().unwrap_or_else(|| panic!("{query}: {}", found.text)).to_owned()
}

async fn ids(world: &World, query: impl Fn(&str) -> String) -> Vec<String> {
    let mut all = Vec::new();
    for owner in OWNERS {
        all.push(id_of(world, &query(owner)).await);
    }
    all
}

/// A record of each kind for each of four owners.
async fn kinds(world: &World) -> Vec<Kind> {
    use qiao_app::imports::Kind as File;
    let file = |header: &str, row: &dyn Fn(&str) -> String| {
        let rows: Vec<String> = OWNERS.iter().map(|owner| row(owner)).collect();
        format!("{header}\n{}\n", rows.join("\n"))
    };
    for (kind, text) in [
        (File::Accounts, file("account,owner", &|o| format!("A-{o},{o}"))),
        (File::Contacts, file("contact,name,account,owner", &|o| format!("C-{o},张,A-{o},{o}"))),
        (File::Leads, file("lead,name,owner,created_on", &|o| format!("L-{o},李,{o},2026-03-01"))),
        (
            File::Contracts,
            file("contract,account,owner,signed_on,amount,schedule", &|o| {
                format!("K-{o},A-{o},{o},2026-03-01,1000.00,2026-03-10|1000.00")
            }),
        ),
        (File::Payments, file("payment,contract,received_on,amount", &|o| format!("P-{o},K-{o},2026-03-12,100.00"))),
        (
            File::Activities,
            file("activity,kind,subject,owner,happened_at", &|o| format!("V-{o},visit,s,{o},2026-03-02")),
        ),
    ] {
        let outcome = world.import(kind, &text).await;
        assert_eq!(outcome.created, 4, "{kind:?} {:?}", outcome.rejected);
    }
    let rep = world.person("rep").await;
    let contract = id_of(world, "/contracts?external_id=K-rep").await;
    for owner in OWNERS {
        let id = world.person(owner).await;
        let order =
            json!({"number": format!("O-{owner}"), "owner_id": id, "amount": {"amount": "5.00"}, "quantity": "99"});
        let order = world.made("operations", "/api/v1/orders", order).await["id"].clone();
        world.made("operations", "/api/v1/deliveries", json!({"order_id": order, "quantity": "1"})).await;
        let contract = id_of(world, &format!("/contracts?external_id=K-{owner}")).await;
        let invoice = json!({"number": format!("I-{owner}"), "contract_id": contract, "amount": {"amount": "5.00"}});
        world.made("finance", "/api/v1/invoices", invoice).await;
        let target =
            json!({"metric": "won_amount", "subject": format!("person:{id}"), "period": "2026-03", "base": "1.00"});
        world.made("operations", "/api/v1/targets", target).await;
    }
    let orders = ids(world, |owner| format!("/orders?number=O-{owner}")).await;
    let mut deliveries = Vec::new();
    for order in &orders {
        deliveries.push(id_of(world, &format!("/deliveries?order_id={order}")).await);
    }
    let mut targets = Vec::new();
    let listed = world.get("finance", "/api/v1/targets?metric=won_amount&period=2026-03").await;
    for owner in OWNERS {
        let subject = format!("person:{}", world.person(owner).await);
        let found = listed.body["items"].as_array().unwrap().iter().find(|item| item["subject"] == subject.as_str());
        targets.push(found.unwrap()["id"].as_str().unwrap().to_owned());
    }
    let external = |path: &'static str, letter: &'static str| move |o: &str| format!("{path}?external_id={letter}-{o}");
    let money = json!({"amount": "1.00"});
    let account = id_of(world, "/accounts?external_id=A-rep").await;
    let kind = |list, one, writers, form, ids| Kind { list, one, writers, form, ids };
    vec![
        kind(
            "/accounts",
            "/accounts/{id}",
            SALES,
            json!({"name": "n", "owner_id": rep}),
            ids(world, external("/accounts", "A")).await,
        ),
        kind(
            "/contacts",
            "/contacts/{id}",
            SALES,
            json!({"name": "n", "owner_id": rep}),
            ids(world, external("/contacts", "C")).await,
        ),
        kind(
            "/leads",
            "/leads/{id}",
            SALES,
            json!({"name": "n", "owner_id": rep}),
            ids(world, external("/leads", "L")).await,
        ),
        kind(
            "/opportunities",
            "/opportunities/{id}",
            SALES,
            json!({"name": "n", "owner_id": rep, "account_id": account}),
            ids(world, |o| format!("/opportunities?external_id=D{}", 1 + OWNERS.iter().position(|x| *x == o).unwrap()))
                .await,
        ),
        kind(
            "/activities",
            "/activities/{id}",
            SALES,
            json!({"kind": "call", "subject": "s", "owner_id": rep}),
            ids(world, external("/activities", "V")).await,
        ),
        kind(
            "/contracts",
            "/contracts/{id}",
            CONTRACTS,
            json!({"number": "", "account_id": account, "owner_id": rep, "amount": money}),
            ids(world, external("/contracts", "K")).await,
        ),
        kind(
            "/payments",
            "/payments/{id}",
            MONEY,
            json!({"contract_id": contract, "amount": money}),
            ids(world, external("/payments", "P")).await,
        ),
        kind(
            "/invoices",
            "/invoices/{id}",
            MONEY,
            json!({"number": "", "contract_id": contract, "amount": money}),
            ids(world, |o| format!("/invoices?number=I-{o}")).await,
        ),
        kind("/orders", "/orders/{id}", SALES, json!({"number": "", "owner_id": rep, "amount": money}), orders.clone()),
        kind("/deliveries", "/deliveries/{id}", SALES, json!({"order_id": orders[0], "quantity": "1"}), deliveries),
        kind(
            "/targets",
            "/targets/{id}",
            TARGETS,
            json!({"metric": "won_amount", "subject": format!("person:{rep}"), "period": "", "base": "1.00"}),
            targets,
        ),
    ]
}

/// What is said about records, their timelines, and what leads become.
async fn around_records(world: &World, kinds: &[Kind], reach: [Row; 4]) -> Vec<Case> {
    let mut cases = Vec::new();
    let without = |expect: Row, none: &[Role]| {
        let may = |(role, expect)| if none.contains(&role) { Forbidden } else { expect };
        let row: Vec<Expect> = Role::ALL.into_iter().zip(expect).map(may).collect();
        Row::try_from(row).unwrap()
    };
    for kind in kinds.iter().filter(|kind| kind.list != "/targets") {
        let record_type = match kind.list {
            "/opportunities" => "opportunity",
            "/activities" => "activity",
            "/deliveries" => "delivery",
            "/orders" => "sales_order",
            other => other.trim_start_matches('/').trim_end_matches('s'),
        };
        for (id, expect) in kind.ids.iter().zip(reach) {
            let path = format!("/records/{record_type}/{id}");
            let said = Some(json!({"text": "好"}));
            let comments = "/records/{type}/{id}/comments";
            let said = case("POST", comments, &format!("{path}/comments"), said, without(expect, &[Role::Auditor]));
            cases.push(said);
            cases.push(case("GET", "/records/{type}/{id}/timeline", &format!("{path}/timeline"), None, expect));
            cases.push(case("GET", "/records/{type}/{id}/readers", &format!("{path}/readers"), None, expect));
            cases.push(case("PUT", "/records/{type}/{id}/pin", &format!("{path}/pin"), None, expect));
            if record_type == "opportunity" {
                let path = format!("/desk/explanation?opportunity={id}");
                cases.push(case("GET", "/desk/explanation", &path, None, expect));
            }
        }
    }
    // Everybody has pinned what they see by now.
    cases.push(case("GET", "/pins", "/pins", None, ALL));
    // A comment is its author's alone, whoever sees the record.
    let lead = &kinds.iter().find(|kind| kind.list == "/leads").unwrap().ids;
    let path = format!("/api/v1/records/lead/{}/comments", lead[0]);
    let comment = world.made("rep", &path, json!({"text": "好"})).await;
    let path = format!("/comments/{}", comment["id"].as_str().unwrap());
    let own = [Yes, Hidden, Hidden, Hidden, Hidden, Hidden, Forbidden, Hidden];
    let correct = case("PATCH", "/comments/{id}", &path, Some(json!({"text": "好"})), own);
    cases.push(Case { if_match: Some("\"1\""), ..correct });
    cases.push(case("DELETE", "/comments/{id}", &path, None, own));
    // Of each owner's lead the first who may converts it: the others meet a lead that is converted.
    for (id, expect) in lead.iter().zip(reach) {
        let sales = [Role::Finance, Role::Hr, Role::Auditor, Role::Administrator];
        let path = format!("/leads/{id}/conversion");
        cases.push(case("POST", "/leads/{id}/conversion", &path, Some(json!({})), without(expect, &sales)));
    }
    cases
}

/// The desk is one's own, or that of a team one sees; the inbox is one's own.
async fn desk_cases(world: &World) -> Vec<Case> {
    let people = [Yes, Yes, Yes, Hidden, Hidden, Hidden, Hidden, Hidden];
    let leads = [Forbidden, Yes, Yes, Yes, Yes, Yes, Yes, Yes];
    let mut cases = vec![
        case("GET", "/desk", "/desk", None, ALL),
        case("GET", "/desk/news", "/desk/news", None, people),
        case("GET", "/desk/waiting", "/desk/waiting", None, ALL),
        case("GET", "/desk/team", "/desk/team", None, leads),
        // Letting go what is not pinned, of whatever kind: it is let go already.
        case("DELETE", "/records/{type}/{id}/pin", &format!("/records/lead/{}/pin", Uuid::nil()), None, ALL),
        case("GET", "/notifications", "/notifications", None, ALL),
        case("GET", "/notifications/count", "/notifications/count", None, ALL),
        case("POST", "/notifications/reading", "/notifications/reading", Some(json!({"read": true})), ALL),
        case("GET", "/notification-settings", "/notification-settings", None, ALL),
        case(
            "PATCH",
            "/notification-settings",
            "/notification-settings",
            Some(json!({"kinds": {"mention": true}})),
            ALL,
        ),
    ];
    for (team, expect) in [
        ("East/One", leads),
        ("East/Two", [Forbidden, Hidden, Yes, Yes, Yes, Yes, Yes, Yes]),
        ("West", [Forbidden, Hidden, Hidden, Yes, Yes, Yes, Yes, Yes]),
    ] {
        let path = format!("/desk/team?team_id={}", world.team(team).await);
        cases.push(case("GET", "/desk/team", &path, None, expect));
    }
    cases
}

/// The kinds that can be put away, and how they are brought back.
const BACK: [(&str, &str); 8] = [
    ("/accounts/{id}", "/accounts/{id}/restoration"),
    ("/contacts/{id}", "/contacts/{id}/restoration"),
    ("/leads/{id}", "/leads/{id}/restoration"),
    ("/opportunities/{id}", "/opportunities/{id}/restoration"),
    ("/activities/{id}", "/activities/{id}/restoration"),
    ("/contracts/{id}", "/contracts/{id}/restoration"),
    ("/invoices/{id}", "/invoices/{id}/restoration"),
    ("/orders/{id}", "/orders/{id}/restoration"),
];

/// What is sold and how: everybody reads it, operations and the administrator edit it.
async fn catalog_cases(world: &World, pipeline: &str) -> Vec<Case> {
    let editors = [Forbidden, Forbidden, Forbidden, Yes, Forbidden, Forbidden, Forbidden, Yes];
    let operations = [Forbidden, Forbidden, Forbidden, Yes, Forbidden, Forbidden, Forbidden, Forbidden];
    let planners = [Forbidden, Yes, Yes, Yes, Forbidden, Forbidden, Forbidden, Yes];
    let product = id_of(world, "/products").await;
    let line = id_of(world, "/product-lines").await;
    let found = world.get("finance", &format!("/api/v1/pipelines/{pipeline}")).await;
    let stage = found.body["stages"][0]["id"].as_str().unwrap().to_owned();
    let plan = id_of(world, "/plans").await;
    let funnel = format!("/pipelines/{pipeline}/funnel");
    let why = format!("{funnel}/explanation?stage_id={stage}&of=entered");
    let source = "code: calls_x\nfrom: 2026-01-01\nname: {zh: 电话, en: Calls}\ndescription: {zh: 电话, en: Calls}\ncategory: behaviour\ndirection: higher\ncombination: sum\nunit: count\nformula: {count: {kinds: [activity_logged]}}\n";
    let draft = "id: q\nname: Q\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\nwho: {people: [rep]}\ncomponents:\n  - {id: c, name: C, basis: sale_recorded, rate: {flat: 1%}}\n";
    let mut cases = vec![
        case("POST", "/products", "/products", Some(json!({"number": "", "name": "n"})), editors),
        case("GET", "/products/{id}", &format!("/products/{product}"), None, ALL),
        case("PATCH", "/products/{id}", &format!("/products/{product}"), Some(json!({})), editors),
        case("DELETE", "/products/{id}", &format!("/products/{product}"), None, editors),
        case("POST", "/products/{id}/restoration", &format!("/products/{product}/restoration"), None, editors),
        case("GET", "/product-lines", "/product-lines", None, ALL),
        case("POST", "/product-lines", "/product-lines", Some(json!({"number": "", "name": "n"})), editors),
        case("GET", "/product-lines/{id}", &format!("/product-lines/{line}"), None, ALL),
        case("PATCH", "/product-lines/{id}", &format!("/product-lines/{line}"), Some(json!({})), editors),
        case("DELETE", "/product-lines/{id}", &format!("/product-lines/{line}"), None, editors),
        case("POST", "/product-lines/{id}/restoration", &format!("/product-lines/{line}/restoration"), None, editors),
        case("POST", "/pipelines", "/pipelines", Some(json!({"number": ""})), editors),
        case("GET", "/pipelines/{id}", &format!("/pipelines/{pipeline}"), None, ALL),
        case("PATCH", "/pipelines/{id}", &format!("/pipelines/{pipeline}"), Some(json!({})), editors),
        case(
            "POST",
            "/pipelines/{id}/stages",
            &format!("/pipelines/{pipeline}/stages"),
            Some(json!({"name": "n"})),
            editors,
        ),
        case("POST", "/stages/{id}/restoration", &format!("/stages/{stage}/restoration"), None, editors),
        case("GET", "/pipelines/{id}/funnel", &funnel, None, ALL),
        case("GET", "/pipelines/{id}/funnel/explanation", &why, None, ALL),
        case("GET", "/fact-fields", "/fact-fields", None, ALL),
        case("GET", "/metrics/{code}/versions", "/metrics/won_amount/versions", None, ALL),
        case("POST", "/metrics/previews", "/metrics/previews", Some(json!({"source": source})), operations),
        case("POST", "/plans/checks", "/plans/checks", Some(json!({"source": draft})), operations),
        case("GET", "/plans/{id}/source", &format!("/plans/{plan}/source"), None, ALL),
        case("GET", "/target-matrices", "/target-matrices?metric=won_amount&year=2026", None, ALL),
        case(
            "POST",
            "/target-changes",
            "/target-changes",
            Some(json!({"metric": "won_amount", "cells": []})),
            planners,
        ),
    ];
    for (team, expect) in [
        ("East/One", [Hidden, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
        ("East/Two", [Hidden, Hidden, Yes, Yes, Yes, Yes, Yes, Yes]),
        ("West", SEES_ALL),
    ] {
        let path = format!("/target-matrices?metric=won_amount&year=2026&team_id={}", world.team(team).await);
        cases.push(case("GET", "/target-matrices", &path, None, expect));
    }
    for case in &mut cases {
        if matches!(case.method, "PATCH" | "DELETE") {
            case.if_match = Some("\"1\"");
        }
    }
    cases
}

/// The kinds of which several are edited at once.
const BULK: [(&str, &str); 7] = [
    ("/accounts", "/accounts/bulk-edits"),
    ("/contacts", "/contacts/bulk-edits"),
    ("/leads", "/leads/bulk-edits"),
    ("/opportunities", "/opportunities/bulk-edits"),
    ("/activities", "/activities/bulk-edits"),
    ("/contracts", "/contracts/bulk-edits"),
    ("/orders", "/orders/bulk-edits"),
];

#[tokio::test]
async fn an_edit_of_several_rows_reaches_none_that_is_out_of_scope() {
    for backend in BACKENDS {
        let world = World::new(backend).await;
        for kind in kinds(&world).await {
            let Some((_, path)) = BULK.iter().find(|(list, _)| *list == kind.list) else { continue };
            let edit = |id: &String| json!({"id": id, "version": 1, "archived": true});
            let edits: Vec<_> = kind.ids.iter().map(edit).collect();
            let address = format!("/api/v1{path}");
            let body = json!({"edits": edits, "preview": true});
            let answer = world.ask("rep", "POST", &address, Some(body)).await;
            assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.text);
            for (number, id) in kind.ids.iter().enumerate() {
                let of =
                    |part: &str| answer.body[part].as_array().unwrap().iter().find(|row| row["id"] == **id).cloned();
                if number == 0 {
                    assert!(of("changed").is_some(), "{path}: {}", answer.text);
                } else {
                    let refused =
                        of("refused").unwrap_or_else(|| panic!("{path} shows a foreign row: {}", answer.text));
                    assert_eq!(refused["problem"]["code"], "not_found", "{path}");
                }
            }
        }
    }
}

/// The addresses of every kind of record.
async fn record_cases(world: &World) -> Vec<Case> {
    let reach = [
        [Yes; 8],
        [Hidden, Yes, Yes, Yes, Yes, Yes, Yes, Yes],
        [Hidden, Hidden, Yes, Yes, Yes, Yes, Yes, Yes],
        SEES_ALL,
    ];
    let mut cases = vec![case("GET", "/pipelines", "/pipelines", None, ALL)];
    let pipeline = id_of(world, "/pipelines").await;
    cases.push(case("GET", "/pipelines/{id}/board", &format!("/pipelines/{pipeline}/board"), None, ALL));
    let products = "product,name,product_line,list_price\nX,产品,线,1.00\n";
    assert_eq!(world.import(qiao_app::imports::Kind::Products, products).await.created, 1);
    cases.push(case("GET", "/products", "/products", None, ALL));
    cases.extend(catalog_cases(world, &pipeline).await);
    let company = [Forbidden, Forbidden, Forbidden, Yes, Forbidden, Forbidden, Forbidden, Yes];
    cases.push(case("GET", "/company", "/company", None, ALL));
    let patch = case("PATCH", "/company", "/company", Some(json!({})), company);
    cases.push(Case { if_match: Some("\"1\""), ..patch });
    let day = Some(json!({"kind": "holiday", "name": "国庆节"}));
    cases.push(case("PUT", "/calendar-days/{date}", "/calendar-days/2026-10-01", day, company));
    cases.push(case("GET", "/calendar-days", "/calendar-days?year=2026", None, ALL));
    cases.push(case("DELETE", "/calendar-days/{date}", "/calendar-days/2026-10-01", None, company));
    let log = [Empty, Empty, Empty, Empty, Empty, Empty, Yes, Yes];
    cases.push(case("GET", "/audit-entries", "/audit-entries", None, log));
    let metric = "code: own_calls\nfrom: 2026-01-01\nname: {zh: 电话, en: Calls}\ndescription: {zh: 电话, en: Calls}\ncategory: behaviour\ndirection: higher\ncombination: sum\nunit: count\nformula: {count: {kinds: [activity_logged]}}\n";
    let operations = [Forbidden, Forbidden, Forbidden, Yes, Forbidden, Forbidden, Forbidden, Forbidden];
    cases.push(case("POST", "/metrics", "/metrics", Some(json!({"source": metric})), operations));
    let exporters = [Forbidden, Yes, Yes, Yes, Yes, Yes, Forbidden, Yes];
    for kind in [
        "people",
        "opportunities",
        "contracts",
        "payments",
        "invoices",
        "orders",
        "deliveries",
        "targets",
        "estimates",
        "earnings",
    ] {
        cases.push(case("GET", "/exports/{kind}", &format!("/exports/{kind}"), None, exporters));
    }
    let audit = [Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Yes];
    cases.push(case("GET", "/exports/{kind}", "/exports/audit", None, audit));
    cases.push(case("GET", "/exports/{kind}/size", "/exports/opportunities/size", None, exporters));
    cases.push(case("GET", "/exports/{kind}/size", "/exports/audit/size", None, audit));
    let kinds = kinds(world).await;
    cases.push(case("GET", "/search", "/search?q=%E6%9D%8E", None, ALL));
    cases.push(case("GET", "/duplicates", "/duplicates?name=A-far", None, ALL));
    // After the others: a converted lead is another version.
    let around = around_records(world, &kinds, reach).await;
    for Kind { list, one, writers, form, ids } in kinds {
        let may = |expect: Row| {
            let mut row = expect;
            for (slot, may) in row.iter_mut().zip(writers) {
                if !may {
                    *slot = Forbidden;
                }
            }
            row
        };
        cases.push(case("GET", list, list, None, ALL));
        for (id, expect) in ids.iter().zip(reach) {
            let path = one.replace("{id}", id);
            cases.push(case("GET", one, &path, None, expect));
            let patch = case("PATCH", one, &path, Some(json!({})), may(expect));
            cases.push(Case { if_match: Some("\"1\""), ..patch });
            if let Some((_, back)) = BACK.iter().find(|(path, _)| *path == one) {
                let archive = case("DELETE", one, &path, None, may(expect));
                cases.push(Case { if_match: Some("\"1\""), ..archive });
                cases.push(case("POST", back, &format!("{path}/restoration"), None, may(expect)));
            }
        }
        cases.push(case("POST", list, list, Some(form), may(ALL)));
        if let Some((_, bulk)) = BULK.iter().find(|(path, _)| *path == list) {
            // A row out of scope is refused inside of the answer: see below.
            let body = json!({"edits": [{"id": ids[0], "version": 1, "fields": {}}], "preview": true});
            cases.push(case("POST", bulk, bulk, Some(body), may(ALL)));
        }
    }
    cases.extend(around);
    cases
}

/// What may be empty for who may ask: tokens that nobody made, news that nobody has, colleagues who do not see it.
const MAY_BE_EMPTY: &[&str] = &["/tokens", "/desk/waiting", "/notifications", "/records/{type}/{id}/readers"];

/// Endpoints that the table cannot ask in one request, and the test that covers them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("POST", "/session"),       // access::a_session_begins_and_ends
    ("DELETE", "/session"),     // access::a_session_begins_and_ends
    ("POST", "/me/password"),   // access::a_changed_password_ends_every_session
    ("DELETE", "/me/sessions"), // ends the table's own sessions: see below
    ("PATCH", "/users/{id}"),   // needs If-Match: see below
    ("GET", "/events"),         // a stream: see below
    ("POST", "/imports"),       // a form of parts: imports::a_file_through_the_api
    // Steps of one run, each in its own state: import_runs::a_run_is_its_owners_and_the_administrators
    ("POST", "/import-runs"),
    ("GET", "/import-runs"),
    ("GET", "/import-runs/{id}"),
    ("PATCH", "/import-runs/{id}"),
    ("POST", "/import-runs/{id}/start"),
    ("POST", "/import-runs/{id}/cancellation"),
    ("POST", "/import-runs/{id}/mending"),
    ("GET", "/import-runs/{id}/rejected-rows"),
    ("GET", "/import-runs/{id}/rejected-file"),
    ("GET", "/import-runs/{id}/choices"),
    // Forms of parts, and files that were attached before: attachments::files_are_seen_as_their_records
    ("POST", "/records/{type}/{id}/attachments"),
    ("GET", "/records/{type}/{id}/attachments"),
    ("GET", "/attachments/{id}/content"),
    ("DELETE", "/attachments/{id}"),
    ("POST", "/attachments/{id}/restoration"),
    // One version for a pipeline and its stages: pipelines::who_may_edit
    ("DELETE", "/pipelines/{id}"),
    ("POST", "/pipelines/{id}/restoration"),
    ("PATCH", "/stages/{id}"),
    ("DELETE", "/stages/{id}"),
];

#[tokio::test]
async fn every_endpoint_as_every_role() {
    for backend in BACKENDS {
        let world = World::new(backend).await;
        let mut cases = cases(&world).await;
        cases.extend(desk_cases(&world).await);
        cases.extend(record_cases(&world).await);
        let mut wrong = Vec::new();
        for case in &cases {
            for (role, expect) in Role::ALL.into_iter().zip(case.expect) {
                let mut body = case.body.clone();
                if let Some(email) = body.as_mut().and_then(|body| body.get_mut("email")) {
                    *email = json!(format!("made-{}@example.com", role.as_str()));
                }
                if let Some(number) = body.as_mut().and_then(|body| body.get_mut("number")) {
                    *number = json!(format!("made-{}-{}", case.template, role.as_str()));
                }
                if case.template == "/teams" && case.method == "POST" {
                    body.as_mut().unwrap()["name"] = json!(format!("made-{}", role.as_str()));
                }
                // Codes and names of the catalog are unique in the same way.
                let word = match case.template {
                    "/products" | "/product-lines" => Some("code"),
                    "/pipelines" => Some("name"),
                    _ => None,
                };
                if let (Some(word), Some(fields)) = (word, body.as_mut().and_then(Value::as_object_mut))
                    && let Some(number) = fields.remove("number")
                {
                    fields.insert(word.to_owned(), number);
                }
                if case.template == "/targets" && case.method == "POST" {
                    let period = format!("2027-{:02}", 1 + Role::ALL.iter().position(|r| *r == role).unwrap());
                    body.as_mut().unwrap()["period"] = json!(period);
                }
                let headers: Vec<_> = case.if_match.iter().map(|tag| ("if-match", *tag)).collect();
                let answer = world.ask_with(role.as_str(), case.method, &case.path, body, &headers).await;
                let status = answer.status.as_u16();
                let empty = answer.body["items"].as_array().is_some_and(Vec::is_empty);
                let right = match expect {
                    // Only the first who may convert a lead finds one to convert.
                    Yes if case.template == "/leads/{id}/conversion" && status == 409 => true,
                    // Only the first who may put it away finds the version that is named.
                    Yes if case.method == "DELETE" && case.if_match.is_some() && status == 412 => true,
                    // What is put away is not changed.
                    Yes if case.template.starts_with("/product") && case.method == "PATCH" && status == 412 => true,
                    Yes if case.template == "/target-changes" && status == 200 => true,
                    Yes => answer.status.is_success() && (!empty || MAY_BE_EMPTY.contains(&case.template)),
                    Empty => answer.status.is_success() && empty,
                    Forbidden => status == 403,
                    Hidden => status == 404,
                    Stale => status == 412,
                    Wrong => status == 422,
                };
                if !right {
                    wrong.push(format!(
                        "{} {} as {}: {status}, expected {expect:?}",
                        case.method,
                        case.path,
                        role.as_str()
                    ));
                }
            }
            let nobody = world.ask("nobody", case.method, &case.path, case.body.clone()).await;
            if nobody.status.as_u16() != 401 {
                wrong.push(format!("{} {} without a token: {}", case.method, case.path, nobody.status));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        all_are_covered(&cases);
        others(&world).await;
    }
}

fn all_are_covered(cases: &[Case]) {
    let description: Value = serde_json::from_str(&qiao_app::router::openapi().to_json().unwrap()).unwrap();
    let mut known: BTreeSet<(String, String)> =
        cases.iter().map(|case| (case.method.to_owned(), format!("/api/v1{}", case.template))).collect();
    known.extend(ELSEWHERE.iter().map(|(method, path)| ((*method).to_owned(), format!("/api/v1{path}"))));
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method = method.to_uppercase();
            assert!(known.remove(&(method.clone(), path.clone())), "{method} {path} has no row in the permission test");
        }
    }
    assert!(known.is_empty(), "rows of endpoints that are not there: {known:?}");
}

async fn others(world: &World) {
    let users = world.get("administrator", "/api/v1/users?limit=200").await;
    let user = users.body["items"][0]["id"].as_str().unwrap().to_owned();
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Administrator) {
        let request = axum::http::Request::patch(format!("/api/v1/users/{user}"))
            .header("authorization", format!("Bearer {}", world.tokens[role.as_str()]))
            .header("content-type", "application/json")
            .header("if-match", "\"1\"")
            .body(axum::body::Body::from("{}"));
        assert_eq!(world.send(request.unwrap()).await.status.as_u16(), 403, "{role:?}");
    }
    for (method, path) in [("DELETE", "/api/v1/me/sessions"), ("GET", "/api/v1/events"), ("DELETE", "/api/v1/session")]
    {
        assert_eq!(world.ask("nobody", method, path, None).await.status.as_u16(), 401, "{method} {path}");
    }
    for role in Role::ALL {
        assert_eq!(world.ask(role.as_str(), "DELETE", "/api/v1/me/sessions", None).await.status.as_u16(), 204);
    }
}

#[tokio::test]
async fn the_pay_grant_reaches_as_far_as_the_row_scope() {
    for backend in BACKENDS {
        let world = World::new(backend).await;
        for (person, status) in [("rep", 200), ("mate", 200), ("near", 404), ("far", 404)] {
            let id = world.person(person).await;
            let answer = world.get("paid", &format!("/api/v1/people/{id}/estimate?period=2026-03")).await;
            assert_eq!(answer.status.as_u16(), status, "{person}");
        }
        let listed = world.get("paid", "/api/v1/estimates?period=2026-03").await;
        let names: Vec<&str> = listed.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|i| i["person"]["external_id"].as_str())
            .collect();
        assert_eq!(names, ["mate", "rep"]);
        // Beside attainment, too: the manager with the grant sees the estimates, the one without does not.
        let one = world.team("East/One").await;
        let path = format!("/api/v1/teams/{one}/attainment?metric=won_amount&period=2026-03");
        for (who, sees) in [("paid", true), ("manager", false)] {
            let team = world.get(who, &path).await;
            let members = team.body["members"].as_array().unwrap();
            assert!(!members.is_empty());
            let shown = members.iter().any(|m| m["person"]["external_id"] == "rep" && !m["estimate"].is_null());
            assert_eq!(shown, sees, "{who}");
        }
    }
}

#[tokio::test]
async fn lists_hold_only_what_the_role_sees() {
    for backend in BACKENDS {
        let world = World::new(backend).await;
        for (who, people, teams) in [("rep", 1, 0), ("manager", 4, 1), ("director", 6, 3), ("finance", 7, 5)] {
            let listed = world.get(who, "/api/v1/people").await;
            assert_eq!(listed.body["items"].as_array().unwrap().len(), people, "{who}");
            let listed = world.get(who, "/api/v1/teams").await;
            assert_eq!(listed.body["items"].as_array().unwrap().len(), teams, "{who} {}", listed.text);
        }
    }
}

/// Where the company opened attainment, everybody sees everybody's; pay, facts, records and lists stay as they were.
#[tokio::test]
async fn attainment_is_open_to_everybody_where_the_company_says_so_and_nothing_else_is() {
    for backend in BACKENDS {
        let world = World::new(backend).await;
        let far = world.person("far").await;
        let teams = [world.team("East/One").await, world.team("East").await, world.team("West").await];
        let attainment = |team: Uuid| format!("/api/v1/teams/{team}/attainment?metric=won_amount&period=2026-03");
        let why = |of: &str| format!("/api/v1/metrics/won_amount/explanation?subject=person:{far}&period=2026-03{of}");
        let closed = world.patch("administrator", "/api/v1/company", 1, json!({"attainment_visible_to": "all"})).await;
        assert_eq!(closed.body["errors"][0]["code"], "not_a_choice");
        for team in teams {
            assert_eq!(world.get("rep", &attainment(team)).await.status.as_u16(), 404);
        }
        let opened =
            world.patch("administrator", "/api/v1/company", 1, json!({"attainment_visible_to": "company"})).await;
        assert_eq!(opened.body["attainment_visible_to"], "company", "{}", opened.text);
        for who in ["rep", "manager", "director", "paid"] {
            let me = world.get(who, "/api/v1/me").await;
            assert!(me.body["permissions"].as_array().unwrap().contains(&json!("view_team")), "{who}");
            let listed = world.get(who, "/api/v1/teams").await;
            assert_eq!(listed.body["items"].as_array().unwrap().len(), 5, "{who}");
            for team in teams {
                assert_eq!(world.get(who, &attainment(team)).await.status.as_u16(), 200, "{who}");
            }
            let west = world.get(who, &attainment(world.team("West/Three").await)).await;
            let member = &west.body["members"][0];
            assert_eq!((&member["value"]["value"], &member["in_scope"]), (&json!("4000.00"), &json!(false)), "{who}");
            // Also the grant to see pay reaches no farther than the rows.
            assert!(member["estimate"].is_null(), "{who} {}", west.text);
            let explained = world.get(who, &why("")).await;
            assert_eq!(explained.body["figure"]["value"], "4000.00");
            assert!(
                explained.body["facts"].as_array().unwrap().is_empty()
                    && explained.body["records"].as_array().unwrap().is_empty()
            );
            assert!(explained.body["facts_href"].is_null());
            for path in [
                format!("/api/v1/metrics/won_amount/facts?subject=person:{far}&period=2026-03"),
                format!("/api/v1/metrics/won_amount/values?subject=person:{far}&period=2026-03&by=region"),
                format!("/api/v1/people/{far}/estimate?period=2026-03"),
                format!("/api/v1/people/{far}"),
            ] {
                assert_eq!(world.get(who, &path).await.status.as_u16(), 404, "{who} {path}");
            }
        }
        let people = world.get("rep", "/api/v1/people").await;
        assert_eq!(people.body["items"].as_array().unwrap().len(), 1);
        let log = world.get("auditor", "/api/v1/audit-entries?record_type=company&action=updated").await;
        assert_eq!(log.body["items"][0]["after"]["attainment_visible_to_all"], "true");
    }
}

#[test]
fn the_committed_description_is_the_one_of_the_handlers() {
    let committed = include_str!("../../openapi.json");
    let made = qiao_app::router::openapi().to_pretty_json().unwrap();
    assert!(committed.trim() == made.trim(), "crates/app/openapi.json is old; run: make openapi");
}
