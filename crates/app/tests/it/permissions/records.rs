//! The addresses of every kind of record, of several at once, and of what all read.

use super::*;

/// The kinds that can be put away, and how they are brought back.
pub(super) const BACK: [(&str, &str); 8] = [
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
pub(super) const BULK: [(&str, &str); 7] = [
    ("/accounts", "/accounts/bulk-edits"),
    ("/contacts", "/contacts/bulk-edits"),
    ("/leads", "/leads/bulk-edits"),
    ("/opportunities", "/opportunities/bulk-edits"),
    ("/activities", "/activities/bulk-edits"),
    ("/contracts", "/contracts/bulk-edits"),
    ("/orders", "/orders/bulk-edits"),
];

#[tokio::test]
pub(super) async fn an_edit_of_several_rows_reaches_none_that_is_out_of_scope() {
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
pub(super) async fn record_cases(world: &World) -> Vec<Case> {
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
