//! Every endpoint, as every role, on own, team and foreign rows. An endpoint that is missing here fails the test.

use std::collections::BTreeSet;

use qiao_app::context::Role;
use qiao_testkit::BACKENDS;
use serde_json::{Value, json};

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
}
use Expect::{Empty, Forbidden, Hidden, Yes};

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
/// Manager, director, operations set targets.
const TARGETS: [bool; 8] = [false, true, true, true, false, false, false, false];

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
            if record_type == "opportunity" {
                let path = format!("/desk/explanation?opportunity={id}");
                cases.push(case("GET", "/desk/explanation", &path, None, expect));
            }
        }
    }
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

/// The kinds of which several are edited at once.
const BULK: [(&str, &str); 6] = [
    ("/accounts", "/accounts/bulk-edits"),
    ("/contacts", "/contacts/bulk-edits"),
    ("/leads", "/leads/bulk-edits"),
    ("/opportunities", "/opportunities/bulk-edits"),
    ("/activities", "/activities/bulk-edits"),
    ("/contracts", "/contracts/bulk-edits"),
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
    for kind in ["people", "opportunities", "contracts", "payments", "targets", "estimates", "earnings"] {
        cases.push(case("GET", "/exports/{kind}", &format!("/exports/{kind}"), None, exporters));
    }
    let audit = [Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Yes];
    cases.push(case("GET", "/exports/{kind}", "/exports/audit", None, audit));
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
                    Yes => answer.status.is_success() && (!empty || MAY_BE_EMPTY.contains(&case.template)),
                    Empty => answer.status.is_success() && empty,
                    Forbidden => status == 403,
                    Hidden => status == 404,
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

#[test]
fn the_committed_description_is_the_one_of_the_handlers() {
    let committed = include_str!("../../openapi.json");
    let made = qiao_app::router::openapi().to_pretty_json().unwrap();
    assert!(committed.trim() == made.trim(), "crates/app/openapi.json is old; run: make openapi");
}
