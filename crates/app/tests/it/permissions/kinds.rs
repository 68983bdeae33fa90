//! A record of each kind for each of four owners, and what is said about it.

use super::*;

/// A kind of record in the table: its path, who may write it, a form for a new one.
pub(super) struct Kind {
    pub(super) list: &'static str,
    pub(super) one: &'static str,
    pub(super) writers: [bool; 8],
    pub(super) form: Value,
    /// The record of each of rep, mate, near, far.
    pub(super) ids: Vec<String>,
}

/// rep, manager, director, operations write sales.
pub(super) const SALES: [bool; 8] = [true, true, true, true, false, false, false, false];
/// They and finance write contracts.
pub(super) const CONTRACTS: [bool; 8] = [true, true, true, true, true, false, false, false];
/// Finance books money.
pub(super) const MONEY: [bool; 8] = [false, false, false, false, true, false, false, false];
/// Manager, director, operations, administrator set targets.
pub(super) const TARGETS: [bool; 8] = [false, true, true, true, false, false, false, true];

pub(super) const OWNERS: [&str; 4] = ["rep", "mate", "near", "far"];

pub(super) async fn id_of(world: &World, query: &str) -> String {
    let found = world.get("finance", &format!("/api/v1{query}")).await;
    found.body["items"][0]["id"].as_str().unwrap_or_else(|| panic!("{query}: {}", found.text)).to_owned()
}

pub(super) async fn ids(world: &World, query: impl Fn(&str) -> String) -> Vec<String> {
    let mut all = Vec::new();
    for owner in OWNERS {
        all.push(id_of(world, &query(owner)).await);
    }
    all
}

/// A record of each kind for each of four owners.
pub(super) async fn kinds(world: &World) -> Vec<Kind> {
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
pub(super) async fn around_records(world: &World, kinds: &[Kind], reach: [Row; 4]) -> Vec<Case> {
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
