//! Invoices, orders and deliveries as lists, and the records that somebody keeps at hand.

use serde_json::{Value, json};

use crate::world::{World, on_both};

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

async fn numbers(world: &World, who: &str, path: &str) -> Vec<String> {
    let answer = world.get(who, &format!("/api/v1{path}")).await;
    assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.text);
    let number = |item: &Value| item["number"].as_str().or(item["quantity"].as_str()).unwrap().to_owned();
    answer.body["items"].as_array().unwrap().iter().map(number).collect()
}

/// A customer with a contract, three invoices, two orders, a delivery; all of the rep.
async fn sold(world: &World) -> (Value, Value) {
    let customer = world.made("rep", "/api/v1/accounts", json!({"name": "\u{4e91}\u{5cf0}"})).await;
    let signed = json!({"number": "K-1", "account_id": id(&customer), "amount": {"amount": "113.00"}, "tax_rate": "0.13",
        "signed_on": "2026-02-01"});
    let contract = world.made("rep", "/api/v1/contracts", signed).await;
    for (number, kind, day, amount) in [
        ("F-1", "invoice", "2026-02-03", "9.00"),
        ("F-2", "invoice", "2026-03-01", "50.00"),
        ("F-3", "credit_note", "2026-02-20", "7.00"),
    ] {
        let form = json!({"number": number, "contract_id": id(&contract), "kind": kind, "issued_on": day, "amount": {"amount": amount}});
        world.made("finance", "/api/v1/invoices", form).await;
    }
    let mut order = Value::Null;
    for (number, day, amount) in [("O-1", "2026-03-02", "5.00"), ("O-2", "2026-02-02", "60.00")] {
        let form = json!({"number": number, "account_id": id(&customer), "sold_on": day, "quantity": "3", "amount": {"amount": amount}});
        order = world.made("rep", "/api/v1/orders", form).await;
    }
    world.made("rep", "/api/v1/deliveries", json!({"order_id": id(&order), "quantity": "2"})).await;
    (customer, contract)
}

#[tokio::test]
async fn invoices_orders_and_deliveries_are_found_sorted_and_narrowed() {
    on_both(|world| async move {
        let (customer, contract) = sold(&world).await;
        let (customer, contract) = (id(&customer), id(&contract));
        for (path, expected) in [
            ("/invoices?sort=-issued_on".to_owned(), ["F-2", "F-3", "F-1"].as_slice()),
            ("/invoices?sort=amount".to_owned(), &["F-3", "F-1", "F-2"]),
            ("/invoices?kind=credit_note".to_owned(), &["F-3"]),
            ("/invoices?issued_from=2026-02-03&issued_to=2026-02-20&sort=issued_on".to_owned(), &["F-1", "F-3"]),
            ("/invoices?text=f-2".to_owned(), &["F-2"]),
            // Part of the customer's name finds what was invoiced and sold to it.
            ("/invoices?text=%E4%BA%91&sort=issued_on".to_owned(), &["F-1", "F-3", "F-2"]),
            (format!("/invoices?contract_id={contract}&sort=issued_on"), &["F-1", "F-3", "F-2"]),
            ("/orders?sort=-sold_on".to_owned(), &["O-1", "O-2"]),
            ("/orders?sort=-amount".to_owned(), &["O-2", "O-1"]),
            ("/orders?sold_to=2026-02-28".to_owned(), &["O-2"]),
            (format!("/orders?account_id={customer}&text=o-1"), &["O-1"]),
            (format!("/orders?contract_id={contract}"), &[]),
            ("/deliveries?sort=-delivered_on&delivered_from=2020-01-01".to_owned(), &["2"]),
            ("/deliveries?delivered_to=2020-01-01".to_owned(), &[]),
        ] {
            assert_eq!(numbers(&world, "rep", &path).await, expected, "{path}");
            assert_eq!(numbers(&world, "operations", &path).await, expected, "{path}");
            assert_eq!(numbers(&world, "hr", &path).await, expected, "{path}");
        }
        // A delivery is named by its order.
        let list = world.get("rep", "/api/v1/deliveries").await;
        let order = list.body["items"][0]["order_id"].as_str().unwrap();
        assert_eq!(list.body["names"][order], "O-2");
        let wrong = world.get("rep", "/api/v1/orders?sort=channel").await;
        assert_eq!((wrong.status.as_u16(), wrong.body["errors"][0]["code"].as_str()), (422, Some("unknown_sort")));
    })
    .await;
}

#[tokio::test]
async fn several_orders_are_edited_at_once_and_taken_back() {
    on_both(|world| async move {
        sold(&world).await;
        let orders = world.get("rep", "/api/v1/orders").await.body["items"].clone();
        let edits = |status: &str, version: i64| -> Value {
            let edit = |order: &Value| json!({"id": id(order), "version": version, "fields": {"status": status}});
            json!({"edits": orders.as_array().unwrap().iter().map(edit).collect::<Vec<_>>()})
        };
        let answer = world.ask("rep", "POST", "/api/v1/orders/bulk-edits", Some(edits("cancelled", 1))).await;
        assert_eq!(answer.body["changed"].as_array().unwrap().len(), 2, "{}", answer.text);
        // What was cancelled counts no more; brought back, it counts again.
        let path = format!("/api/v1/records/sales_order/{}", id(&orders[0]));
        let counted = async || world.get("rep", &path).await.body["facts"].as_array().unwrap().len();
        assert_eq!(counted().await, 2);
        let answer = world.ask("rep", "POST", "/api/v1/orders/bulk-edits", Some(edits("open", 2))).await;
        assert_eq!(answer.body["refused"].as_array().unwrap().len(), 0, "{}", answer.text);
        assert_eq!(counted().await, 3);
    })
    .await;
}

#[tokio::test]
async fn pins_are_ones_own_and_shown_while_the_record_is_seen() {
    on_both(|world| async move {
        let (customer, contract) = sold(&world).await;
        let pin = |kind: &str, record: &Value| format!("/api/v1/records/{kind}/{}/pin", id(record));
        for _ in 0..2 {
            let answer = world.ask("rep", "PUT", &pin("account", &customer), None).await;
            assert_eq!((answer.status.as_u16(), answer.body["title"].as_str()), (200, Some("\u{4e91}\u{5cf0}")));
        }
        world.pass(1_000);
        assert_eq!(world.ask("rep", "PUT", &pin("contract", &contract), None).await.status.as_u16(), 200);
        let titles = async |who: &str| -> Vec<String> {
            let items = world.get(who, "/api/v1/pins").await.body["items"].clone();
            items.as_array().unwrap().iter().map(|pin| pin["record_type"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(titles("rep").await, ["contract", "account"]);
        assert_eq!(titles("manager").await, Vec::<String>::new());
        // What is not seen cannot be pinned, nor what is no record.
        let mate = world
            .made("operations", "/api/v1/leads", json!({"name": "n", "owner_id": world.person("mate").await}))
            .await;
        for (path, status) in
            [(pin("lead", &mate), 404), (pin("metric", &customer), 404), ("/api/v1/records/lead/x/pin".to_owned(), 404)]
        {
            assert_eq!(world.ask("rep", "PUT", &path, None).await.status.as_u16(), status, "{path}");
        }
        // Given to somebody else the record is out of sight, and so is its pin; back again, it is there again.
        let account = format!("/api/v1/accounts/{}", id(&customer));
        let to = async |who: &str, version: i64| {
            let answer =
                world.patch("operations", &account, version, json!({"owner_id": world.person(who).await})).await;
            assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
        };
        to("far", 1).await;
        assert_eq!(titles("rep").await, ["contract"]);
        to("rep", 2).await;
        assert_eq!(titles("rep").await, ["contract", "account"]);
        for _ in 0..2 {
            assert_eq!(world.ask("rep", "DELETE", &pin("account", &customer), None).await.status.as_u16(), 204);
        }
        assert_eq!(titles("rep").await, ["contract"]);
        let log = world.get("administrator", "/api/v1/audit-entries?record_type=pin").await;
        let actions: Vec<&str> =
            log.body["items"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["removed", "created", "created"], "{}", log.text);
        assert!(qiao_store::check::check(&world.db.store).await.unwrap().broken.is_empty());
    })
    .await;
}
