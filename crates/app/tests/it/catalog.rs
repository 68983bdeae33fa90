//! Products and their lines, as operations edits them.

use serde_json::json;

use crate::world::on_both;

#[tokio::test]
async fn a_product_is_made_changed_put_away_and_brought_back() {
    on_both(|world| async move {
        let line = world.made("operations", "/api/v1/product-lines", json!({"code": "GTX", "name": "旗舰"})).await;
        let form = json!({"code": "GTX-1", "name": "旗舰一号", "product_line_id": line["id"], "list_price": {"amount": "1200.50"},
            "cost": {"amount": "700.00"}, "tax_rate": "0.13", "unit": "台"});
        let made = world.made("operations", "/api/v1/products", form).await;
        assert_eq!((&made["product_line"], &made["list_price"]["amount"]), (&json!("GTX"), &json!("1200.50")));
        let path = format!("/api/v1/products/{}", made["id"].as_str().unwrap());
        let changed = world.patch("administrator", &path, 1, json!({"name": "旗舰二号", "tax_rate": null})).await;
        assert_eq!((changed.status.as_u16(), &changed.body["name"]), (200, &json!("旗舰二号")), "{}", changed.text);
        assert_eq!((&changed.body["tax_rate"], &changed.body["unit"]), (&json!(null), &json!("台")));
        assert_eq!(world.patch("operations", &path, 1, json!({"name": "x"})).await.status.as_u16(), 412);
        // The cost is known to those who keep the catalog, in lists as well.
        let of = |answer: &serde_json::Value| answer["cost"]["amount"].clone();
        assert_eq!((of(&made), of(&changed.body)), (json!("700.00"), json!("700.00")));
        for (who, cost) in [("operations", json!("700.00")), ("rep", json!(null)), ("finance", json!(null))] {
            let one = world.get(who, &path).await;
            let all = world.get(who, "/api/v1/products").await;
            assert_eq!((of(&one.body), of(&all.body["items"][0])), (cost.clone(), cost), "{who}");
        }
        let tag = [("if-match", "\"2\"")];
        let gone = world.ask_with("operations", "DELETE", &path, None, &tag).await;
        assert_eq!((gone.status.as_u16(), &gone.body["archived"]), (200, &json!(true)), "{}", gone.text);
        let listed = world.get("rep", "/api/v1/products").await;
        assert_eq!(listed.body["items"], json!([]));
        let away = world.get("rep", "/api/v1/products?archived=true").await;
        assert_eq!(away.body["items"][0]["code"], "GTX-1");
        let back = world.ask("operations", "POST", &format!("{path}/restoration"), None).await;
        assert_eq!(back.status.as_u16(), 200);
        assert_eq!(world.get("rep", "/api/v1/products").await.body["items"][0]["code"], "GTX-1");
        // It is in the audit log, with what was before.
        let log = world.get("auditor", "/api/v1/audit-entries?record_type=product").await;
        let actions: Vec<_> = log.body["items"].as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["restored", "archived", "updated", "created"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_product_is_named() {
    on_both(|world| async move {
        let line = world.made("operations", "/api/v1/product-lines", json!({"code": "GTX", "name": "旗舰"})).await;
        let first = world.made("operations", "/api/v1/products", json!({"code": "A", "name": "a"})).await;
        world.made("operations", "/api/v1/products", json!({"code": "B", "name": "b"})).await;
        let path = format!("/api/v1/products/{}", first["id"].as_str().unwrap());
        for (form, pointer, code) in [
            (json!({"code": "B"}), "/code", "already_used"),
            (json!({"code": null}), "/code", "required"),
            (json!({"name": "x".repeat(300)}), "/name", "too_long"),
            (json!({"list_price": {"amount": "-1.00"}}), "/list_price/amount", "negative"),
            (json!({"list_price": {"amount": "1.001"}}), "/list_price/amount", "too_many_decimals"),
            (json!({"cost": {"amount": "-1.00"}}), "/cost/amount", "negative"),
            (json!({"tax_rate": "1.5"}), "/tax_rate", "out_of_range"),
            (json!({"product_line_id": "nothing"}), "/product_line_id", "unknown_reference"),
        ] {
            let wrong = world.patch("operations", &path, 1, form.clone()).await;
            assert_eq!(
                (wrong.status.as_u16(), &wrong.body["errors"][0]["code"]),
                (422, &json!(code)),
                "{form} {}",
                wrong.text
            );
            assert_eq!(wrong.body["errors"][0]["pointer"], pointer);
        }
        // A line keeps its code: facts and targets name it.
        let line = format!("/api/v1/product-lines/{}", line["id"].as_str().unwrap());
        let fixed = world.patch("operations", &line, 1, json!({"code": "MG"})).await;
        assert_eq!(fixed.body["errors"][0]["code"], "fixed_code");
        let renamed = world.patch("operations", &line, 1, json!({"name": "旗舰系列"})).await;
        assert_eq!((&renamed.body["name"], &renamed.body["code"]), (&json!("旗舰系列"), &json!("GTX")));
        assert_eq!(world.get("rep", &path).await.body["name"], "a");
    })
    .await;
}
