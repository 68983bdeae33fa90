//! What people do to records, and the facts that follow.

use qiao_app::imports::Kind;
use serde_json::{Value, json};

use crate::world::{World, on_both};

/// The facts of a record: kind, date, amount, whether it is a reversal; in the order of the ledger.
async fn facts(world: &World, record: &str) -> Vec<(String, String, i64, bool)> {
    use qiao_store::entities::fact;
    use qiao_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
    let id = uuid::Uuid::try_parse(record).unwrap();
    let rows = fact::Entity::find()
        .filter(fact::Column::RecordId.eq(id))
        .order_by_asc(fact::Column::Sequence)
        .all(world.db.store.pool())
        .await
        .unwrap();
    let reversal = |fact: &fact::Model| fact.refers_to.is_some() && qiao_engine::facts::reverses(&fact.kind);
    rows.iter().map(|f| (f.kind.clone(), f.date.to_string(), f.amount_minor, reversal(f))).collect()
}

async fn metric(world: &World, code: &str) -> String {
    let path = format!("/api/v1/metrics/{code}/values?subject=company&period=2026-03");
    let answer = world.get("finance", &path).await;
    answer.body["total"]["value"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

async fn clean(world: &World) {
    let report = qiao_store::check::check(&world.db.store).await.unwrap();
    assert!(report.broken.is_empty(), "{:?}", report.broken);
}

fn id(body: &Value) -> String {
    body["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_deal_is_made_moved_won_corrected_and_reopened() {
    on_both(|world| async move {
        let account = id(&world.made("rep", "/api/v1/accounts", json!({"name": "戊公司"})).await);
        let form =
            json!({"name": "一期", "account_id": account, "amount": {"amount": "1000.00"}, "opened_on": "2026-03-01"});
        let deal = world.made("rep", "/api/v1/opportunities", form).await;
        let path = format!("/api/v1/opportunities/{}", id(&deal));
        assert_eq!(deal["status"], "open");
        let won_before = metric(&world, "won_amount").await;
        let moved = world.patch("rep", &path, 1, json!({"stage_id": "proposal"})).await;
        assert_eq!(moved.status, 200, "{}", moved.text);
        let won = world.patch("rep", &path, 2, json!({"stage_id": "won"})).await;
        assert_eq!((won.body["status"].as_str(), won.body["closed_on"].as_str()), (Some("won"), Some("2026-03-19")));
        assert_eq!(won_before, "10000.00");
        assert_eq!(metric(&world, "won_amount").await, "11000.00");
        world.patch("rep", &path, 3, json!({"amount": {"amount": "1500.00", "currency": "CNY"}})).await;
        assert_eq!(metric(&world, "won_amount").await, "11500.00");
        let stale = world.patch("rep", &path, 3, json!({"name": "二期"})).await;
        assert_eq!((stale.status.as_u16(), stale.body["code"].as_str()), (412, Some("changed_meanwhile")));
        world.patch("rep", &path, 4, json!({"stage_id": "negotiation"})).await;
        assert_eq!(metric(&world, "won_amount").await, "10000.00");
        let page = world.get("rep", &format!("/api/v1/records/opportunity/{}", id(&deal))).await.body;
        let entered = page["facts"].as_array().unwrap().iter().filter(|fact| fact["kind"] == "stage_entered");
        let stages: Vec<&str> = entered.map(|fact| fact["note"].as_str().unwrap()).collect();
        assert_eq!(stages, ["初步接触", "方案报价", "赢单", "商务谈判"], "a page says which stage was entered");
        let said = facts(&world, &id(&deal)).await;
        let kinds: Vec<(&str, i64, bool)> =
            said.iter().map(|(kind, _, amount, back)| (kind.as_str(), *amount, *back)).collect();
        assert_eq!(
            kinds,
            [
                ("stage_entered", 0, false),
                ("stage_entered", 0, false),
                ("stage_entered", 0, false),
                ("opportunity_won", 100_000, false),
                ("opportunity_won", -100_000, true),
                ("opportunity_won", 150_000, false),
                ("stage_entered", 0, false),
                ("opportunity_won", -150_000, true),
            ]
        );
        clean(&world).await;
    })
    .await;
}

#[tokio::test]
async fn a_create_is_answered_once_and_costs_at_most_six_statements() {
    on_both(|world| async move {
        let account = id(&world.made("rep", "/api/v1/accounts", json!({"name": "己公司"})).await);
        let form = json!({"name": "x", "account_id": account, "amount": {"amount": "10.00"}});
        let key = [("idempotency-key", "k-1")];
        let first = world.ask_with("rep", "POST", "/api/v1/opportunities", Some(form.clone()), &key).await;
        let again = world.ask_with("rep", "POST", "/api/v1/opportunities", Some(form.clone()), &key).await;
        assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
        assert_eq!(first.body, again.body);
        assert_eq!(facts(&world, &id(&first.body)).await.len(), 1);
        let other = json!({"name": "y"});
        let other = world.ask_with("rep", "POST", "/api/v1/opportunities", Some(other), &key).await;
        assert_eq!(other.body["code"], "idempotency_key_reused");
        let before = world.db.store.statements();
        let made =
            world.ask_with("rep", "POST", "/api/v1/opportunities", Some(form), &[("idempotency-key", "k-2")]).await;
        assert_eq!(made.status, 201);
        let cost = world.db.store.statements() - before;
        assert!(cost <= 6, "{cost} statements");
    })
    .await;
}

/// Makes a second pipeline; answers its stage.
async fn second_pipeline(world: &World) -> uuid::Uuid {
    use qiao_store::entities::{pipeline, stage};
    use qiao_store::sea_orm::{EntityTrait, IntoActiveModel};
    let view = world.state.books().view().await.unwrap();
    let (first, of_first) = (view.catalog.pipelines[0].clone(), view.catalog.stages[0].clone());
    let id = uuid::Uuid::now_v7();
    let second = pipeline::Model { id, external_id: None, name: "续约".to_owned(), position: 9, ..first };
    let renew = stage::Model { id: uuid::Uuid::now_v7(), pipeline_id: id, code: "renew".to_owned(), ..of_first };
    let context = qiao_store::WriteContext::operator(qiao_testkit::NOW_MS);
    let made = world.db.store.write(&context, (second, renew.clone()), |tx, (second, renew)| {
        Box::pin(async move {
            let (second, renew) = (second.clone().into_active_model(), renew.clone().into_active_model());
            pipeline::Entity::insert(second).exec_without_returning(tx.conn()).await?;
            stage::Entity::insert(renew).exec_without_returning(tx.conn()).await?;
            tx.definition_changed(qiao_store::DefinitionKind::Catalog);
            Ok::<_, qiao_app::error::AppError>(())
        })
    });
    assert!(made.await.is_ok());
    renew.id
}

#[tokio::test]
async fn wrong_forms_are_named_and_change_nothing() {
    on_both(|world| async move {
        let deal = id(&world.made("rep", "/api/v1/opportunities", json!({"name": "x"})).await);
        let path = format!("/api/v1/opportunities/{deal}");
        let far = world.person("far").await;
        let (rep, mate) = (world.person("rep").await, world.person("mate").await);
        // A second pipeline, whose stages are none of the first's.
        let stage = second_pipeline(&world).await;
        let before = facts(&world, &deal).await;
        for (form, pointer, code) in [
            (json!({"amount": {"amount": "1.234"}}), "/amount/amount", "too_many_decimals"),
            (json!({"amount": {"amount": "1,000"}}), "/amount/amount", "not_money"),
            (json!({"amount": {"amount": "1", "currency": "USD"}}), "/amount/amount", "currency_mismatch"),
            (json!({"expected_close_on": "20026-01-05"}), "/expected_close_on", "date_out_of_range"),
            (json!({"expected_close_on": "2026/1/5"}), "/expected_close_on", "not_date"),
            (json!({"stage_id": stage}), "/stage_id", "stage_of_other_pipeline"),
            (json!({"stage_id": "nowhere"}), "/stage_id", "unknown_reference"),
            (json!({"owner_id": far}), "/owner_id", "unknown_reference"),
            (json!({"owner_id": null}), "/owner_id", "required"),
            (json!({"account_id": far}), "/account_id", "unknown_reference"),
            (json!({"product_id": "x"}), "/product_id", "unknown_reference"),
            (json!({"name": "n".repeat(201)}), "/name", "too_long"),
            (json!({"name": "a\u{0}b"}), "/name", "control_characters"),
            (json!({"name": ""}), "/name", "required"),
            (json!({"nme": "x"}), "/nme", "unknown_field"),
            (json!({"name": 5}), "/name", "wrong_type"),
            (
                json!({"splits": [{"person_id": rep, "share": "0.6"}, {"person_id": mate, "share": "0.41"}]}),
                "/splits",
                "split_over_one",
            ),
            (json!({"splits": [{"person_id": rep, "share": "60"}]}), "/splits/0/share", "out_of_range"),
            (json!({"splits": [{"person_id": deal, "share": "0.5"}]}), "/splits/0/person_id", "unknown_reference"),
        ] {
            let answer = world.patch("rep", &path, 1, form.clone()).await;
            assert_eq!(answer.status, 422, "{form}: {}", answer.text);
            let named: Vec<(&str, &str)> = answer.body["errors"]
                .as_array()
                .unwrap()
                .iter()
                .map(|e| (e["pointer"].as_str().unwrap(), e["code"].as_str().unwrap()))
                .collect();
            assert!(named.contains(&(pointer, code)), "{form}: {named:?}");
        }
        let read = world.get("rep", &path).await;
        assert_eq!(read.headers["etag"], "\"1\"");
        assert_eq!(facts(&world, &deal).await, before);
        let missing = world.ask("rep", "PATCH", &path, Some(json!({}))).await;
        assert_eq!(missing.status, 428);
        let script = world.patch("rep", &path, 1, json!({"name": "<script>alert(1)</script>"})).await;
        assert_eq!(script.body["name"], "<script>alert(1)</script>");
        let big = "x".repeat(2 * 1024 * 1024);
        assert_eq!(world.patch("rep", &path, 2, json!({"name": big})).await.status, 413);
    })
    .await;
}

#[tokio::test]
async fn splits_share_a_deal_from_their_day_on() {
    on_both(|world| async move {
        let (rep, mate) = (world.person("rep").await, world.person("mate").await);
        let form = json!({"name": "x", "amount": {"amount": "100.00"}, "opened_on": "2026-03-01", "stage_id": "won", "closed_on": "2026-03-10",
            "splits": [{"person_id": rep, "share": "0.7"}, {"person_id": mate, "share": "0.3"}]});
        let deal = world.made("rep", "/api/v1/opportunities", form).await;
        let value = |who: uuid::Uuid| {
            let world = &world;
            async move {
                let path = format!("/api/v1/metrics/won_amount/values?subject=person:{who}&period=2026-03");
                world.get("finance", &path).await.body["total"]["value"].as_str().unwrap().to_owned()
            }
        };
        assert_eq!((value(rep).await, value(mate).await), ("1070.00".to_owned(), "2030.00".to_owned()));
        // A handover after the deal was won changes nothing of what was won.
        let path = format!("/api/v1/opportunities/{}", id(&deal));
        let handed = json!({"splits": [{"person_id": rep, "share": "0.7"}, {"person_id": mate, "share": "0.3"},
            {"person_id": mate, "share": "1", "from": "2026-03-15"}]});
        let answer = world.patch("rep", &path, 1, handed).await;
        assert_eq!(answer.headers["etag"], "\"2\"");
        assert_eq!((value(rep).await, value(mate).await), ("1070.00".to_owned(), "2030.00".to_owned()));
        // The mate sees the deal they share in.
        assert_eq!(world.get("mate-as-rep", &path).await.status, 401);
        assert_eq!(world.get("manager", &path).await.body["splits"].as_array().unwrap().len(), 3);
        clean(&world).await;
    })
    .await;
}

#[tokio::test]
async fn a_contract_is_signed_by_lines_paid_by_its_schedule_refunded_and_cancelled() {
    on_both(|world| async move {
        world.import(Kind::Products, "product,product_line,list_price\nGTX,硬件,600.00\n运维,服务,\n").await;
        let account = id(&world.made("rep", "/api/v1/accounts", json!({"name": "庚公司"})).await);
        let products = world.state.books().view().await.unwrap().catalog.products.clone();
        let product = |code: &str| products.iter().find(|p| p.code == code).unwrap().id;
        let form = json!({"number": "HT-1", "account_id": account, "signed_on": "2026-03-02", "contract_kind": "new",
            "lines": [
                {"product_id": product("GTX"), "quantity": "2", "price": {"amount": "565.00"}, "cost": {"amount": "300.00"}, "tax_rate": "0.13"},
                {"product_id": product("运维"), "price": {"amount": "106.00"}, "cost": {"amount": "50"}, "tax_rate": "0.06"}],
            "schedule": [{"due_on": "2026-03-20", "amount": {"amount": "736.00"}}, {"due_on": "2026-03-05", "amount": {"amount": "500.00"}}]});
        let contract = world.made("rep", "/api/v1/contracts", form).await;
        assert_eq!((&contract["amount"]["amount"], &contract["amount_excl_tax"]["amount"]), (&json!("1236.00"), &json!("1100.00")));
        assert_eq!(metric(&world, "contract_amount").await, "1236.00");
        assert_eq!(metric(&world, "contract_amount_excl_tax").await, "1100.00");
        assert_eq!(metric(&world, "margin").await, "450.00");
        assert_eq!(metric(&world, "new_customers").await, "1");
        let signed = facts(&world, &id(&contract)).await;
        assert_eq!(signed.iter().map(|f| f.2).collect::<Vec<_>>(), [113_000, 10_600]);
        // 600.00 pays the older row and a part of the other.
        let pay = json!({"contract_id": id(&contract), "amount": {"amount": "600.00"}, "received_on": "2026-03-12"});
        let payment = world.made("finance", "/api/v1/payments", pay).await;
        let parts: Vec<(&str, i64, &str)> = payment["allocations"].as_array().unwrap().iter()
            .map(|p| (p["due_on"].as_str().unwrap(), p["days_overdue"].as_i64().unwrap(), p["amount"]["amount"].as_str().unwrap()))
            .collect();
        assert_eq!(parts, [("2026-03-05", 7, "500.00"), ("2026-03-20", 0, "100.00")]);
        assert_eq!(metric(&world, "payment_amount").await, "600.00");
        // 600 / 1236 of 1,100.00, rounded once.
        assert_eq!(metric(&world, "payment_amount_excl_tax").await, "533.98");
        let rest = json!({"contract_id": id(&contract), "amount": {"amount": "636.00"}, "received_on": "2026-03-13"});
        world.made("finance", "/api/v1/payments", rest).await;
        assert_eq!(metric(&world, "payment_amount_excl_tax").await, "1100.00");
        // Nobody gets back more than came in.
        let refund = |amount: &str| json!({"contract_id": id(&contract), "kind": "refund", "amount": {"amount": amount}});
        let more = world.ask("finance", "POST", "/api/v1/payments", Some(refund("1236.01"))).await;
        assert_eq!(more.body["errors"][0]["code"], "refund_too_large", "{}", more.text);
        let refunded = world.made("finance", "/api/v1/payments", refund("136.00")).await;
        assert_eq!(metric(&world, "payment_amount").await, "1100.00");
        let page = world.get("finance", &format!("/api/v1/records/payment/{}", id(&refunded))).await.body;
        let field = |key: &str| page["fields"].as_array().unwrap().iter().find(|field| field["key"] == key);
        assert_eq!((page["type_name"].as_str(), &field("amount").unwrap()["value"]), (Some("退款"), &json!("-136.00")));
        assert_eq!(field("received_on").unwrap()["label"], "退款日期");
        let path = format!("/api/v1/payments/{}", id(&refunded));
        // Booked by mistake: taken back.
        let back = world.patch("finance", &path, 1, json!({"reversed": true})).await;
        assert_eq!(back.body["reversed"], true, "{}", back.text);
        assert_eq!(metric(&world, "payment_amount").await, "1236.00");
        let write_off = json!({"contract_id": id(&contract), "kind": "write_off", "amount": {"amount": "1.00"}});
        let nothing_open = world.ask("finance", "POST", "/api/v1/payments", Some(write_off)).await;
        assert_eq!(nothing_open.body["errors"][0]["code"], "write_off_too_large");
        // A wrong amount is corrected by taking the facts back.
        let path = format!("/api/v1/payments/{}", id(&payment));
        let corrected = world.patch("finance", &path, 1, json!({"amount": {"amount": "500.00"}})).await;
        assert_eq!(corrected.status, 200, "{}", corrected.text);
        assert_eq!(metric(&world, "payment_amount").await, "1136.00");
        let cancelled = world.patch("rep", &format!("/api/v1/contracts/{}", id(&contract)), 1, json!({"status": "cancelled"})).await;
        assert_eq!(cancelled.status, 200, "{}", cancelled.text);
        assert_eq!(metric(&world, "contract_amount").await, "0.00");
        clean(&world).await;
    })
    .await;
}

#[tokio::test]
async fn a_renamed_company_or_a_subsidiary_is_no_new_customer() {
    on_both(|world| async move {
        let parent = world.made("rep", "/api/v1/accounts", json!({"name": "辛集团", "social_credit_code": "91310000MA1K000001"})).await;
        let contract = |number: &str, account: &str, day: &str| {
            json!({"number": number, "account_id": account, "signed_on": day, "amount": {"amount": "10.00"}})
        };
        world.made("rep", "/api/v1/contracts", contract("1", &id(&parent), "2026-03-01")).await;
        let renamed = world.patch("rep", &format!("/api/v1/accounts/{}", id(&parent)), 1, json!({"name": "辛新集团"})).await;
        assert_eq!(renamed.status, 200, "{}", renamed.text);
        assert_eq!(renamed.body["former_names"], json!(["辛集团"]));
        let read = world.get("rep", &format!("/api/v1/accounts/{}", id(&parent))).await;
        assert_eq!(read.body["former_names"], json!(["辛集团"]));
        let child = world.made("rep", "/api/v1/accounts", json!({"name": "辛子公司", "parent_id": id(&parent)})).await;
        assert_eq!(child["group_id"], parent["id"]);
        world.made("rep", "/api/v1/contracts", contract("2", &id(&child), "2026-03-02")).await;
        world.made("rep", "/api/v1/contracts", contract("3", &id(&parent), "2026-03-03")).await;
        assert_eq!(metric(&world, "new_customers").await, "1");
        // The code belongs to this group and to no other.
        let other = json!({"name": "壬公司", "social_credit_code": "91310000MA1K000001"});
        let taken = world.ask("rep", "POST", "/api/v1/accounts", Some(other)).await;
        assert_eq!(taken.body["errors"][0]["code"], "already_used", "{}", taken.text);
        // Nobody is below those who are below them.
        let circle = world.patch("rep", &format!("/api/v1/accounts/{}", id(&parent)), 2, json!({"parent_id": id(&child)})).await;
        assert_eq!(circle.body["errors"][0]["code"], "circle", "{}", circle.text);
    })
    .await;
}

#[tokio::test]
async fn leads_activities_orders_and_invoices_become_facts() {
    on_both(|world| async move {
        let account = id(&world.made("rep", "/api/v1/accounts", json!({"name": "癸公司"})).await);
        let lead = world.made("rep", "/api/v1/leads", json!({"name": "李先生", "company_name": "癸公司"})).await;
        let path = format!("/api/v1/leads/{}", id(&lead));
        let bare = world.patch("rep", &path, 1, json!({"status": "converted"})).await;
        assert_eq!(bare.body["errors"][0]["code"], "converted_to_what");
        world.patch("rep", &path, 1, json!({"status": "converted", "account_id": account})).await;
        assert_eq!((metric(&world, "leads").await, metric(&world, "lead_conversion").await), ("1".to_owned(), "1".to_owned()));
        let visit = json!({"kind": "visit", "subject": "现场", "account_id": account, "happened_at": "2026-03-18T10:00:00+08:00"});
        let visit = world.made("rep", "/api/v1/activities", visit).await;
        assert_eq!(metric(&world, "effective_visits").await, "0");
        let path = format!("/api/v1/activities/{}", id(&visit));
        world.patch("rep", &path, 1, json!({"outcome": "认可方案", "next_step": "报价"})).await;
        assert_eq!((metric(&world, "visits").await, metric(&world, "effective_visits").await), ("1".to_owned(), "1".to_owned()));
        let order = json!({"number": "SO-1", "amount": {"amount": "20.00"}, "quantity": "3"});
        let order = world.made("rep", "/api/v1/orders", order).await;
        let delivery = |quantity: &str| json!({"order_id": id(&order), "quantity": quantity});
        world.made("rep", "/api/v1/deliveries", delivery("2")).await;
        let more = world.ask("rep", "POST", "/api/v1/deliveries", Some(delivery("1.5"))).await;
        assert_eq!(more.body["errors"][0]["code"], "delivered_more");
        world.patch("rep", &format!("/api/v1/orders/{}", id(&order)), 1, json!({"status": "cancelled"})).await;
        let sold = facts(&world, &id(&order)).await;
        assert_eq!(sold.iter().map(|f| f.2).collect::<Vec<_>>(), [2_000, -2_000]);
        let contract = json!({"number": "HT-9", "account_id": account, "signed_on": "2026-03-02", "amount": {"amount": "113.00"}, "tax_rate": "0.13"});
        let contract = world.made("rep", "/api/v1/contracts", contract).await;
        let invoice = json!({"number": "FP-1", "contract_id": id(&contract), "amount": {"amount": "56.50"}});
        let invoice = world.made("finance", "/api/v1/invoices", invoice).await;
        assert_eq!((invoice["amount_excl_tax"]["amount"].as_str(), invoice["tax"]["amount"].as_str()), (Some("50.00"), Some("6.50")));
        clean(&world).await;
    })
    .await;
}

#[tokio::test]
async fn lists_page_through_everything_once() {
    on_both(|world| async move {
        for n in 0..7 {
            world.made("rep", "/api/v1/leads", json!({"name": format!("l{n}")})).await;
        }
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = world.get("rep", &format!("/api/v1/leads?limit=3&sort=created_at{cursor}")).await;
            seen.extend(page.body["items"].as_array().unwrap().iter().map(|l| l["name"].as_str().unwrap().to_owned()));
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, ["l0", "l1", "l2", "l3", "l4", "l5", "l6"]);
        for (query, code) in
            [("limit=201", "limit"), ("cursor=zz", "cursor"), ("sort=name", "unknown_sort"), ("x=1", "unknown_field")]
        {
            let wrong = world.get("rep", &format!("/api/v1/leads?{query}")).await;
            assert_eq!(wrong.body["errors"][0]["code"], code, "{}", wrong.text);
        }
    })
    .await;
}

#[tokio::test]
async fn what_others_have_is_taken_but_not_seen() {
    on_both(|world| async move {
        let far = world.person("far").await;
        let account =
            id(&world.made("operations", "/api/v1/accounts", json!({"name": "子公司", "owner_id": far})).await);
        let amount = json!({"amount": "5.00"});
        let own = |extra: Value| {
            let mut form = json!({"owner_id": far});
            form.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            form
        };
        let lead = json!({"name": "l", "external_id": "L-1"});
        let deal = json!({"name": "d", "external_id": "D-9"});
        let contact = json!({"name": "c", "external_id": "C-1"});
        let order = json!({"number": "SO-7", "amount": amount});
        let contract = json!({"number": "HT-7", "amount": amount, "account_id": account});
        let mut theirs = Vec::new();
        for (path, form, pointer) in [
            ("leads", lead, "/external_id"),
            ("opportunities", deal, "/external_id"),
            ("contacts", contact, "/external_id"),
            ("orders", order, "/number"),
            ("contracts", contract, "/number"),
        ] {
            let path = format!("/api/v1/{path}");
            let made = world.made("operations", &path, own(form.clone())).await;
            let mut mine = form;
            // The customer of theirs is no customer that this rep could name.
            mine.as_object_mut().unwrap().remove("account_id");
            let taken = world.ask("rep", "POST", &path, Some(mine)).await;
            let named = json!({"pointer": pointer, "code": "already_used"});
            let errors = taken.body["errors"].as_array().unwrap();
            let said = errors.iter().any(|e| e["pointer"] == named["pointer"] && e["code"] == named["code"]);
            assert!(taken.status == 422 && said, "{path}: {}", taken.text);
            assert_eq!(
                world.get("rep", &path).await.body["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|i| i["id"] == made["id"])
                    .count(),
                0
            );
            theirs.push((path, id(&made)));
        }
        for (path, record) in &theirs {
            assert_eq!(world.get("rep", &format!("{path}/{record}")).await.status, 404);
            assert_eq!(world.patch("rep", &format!("{path}/{record}"), 1, json!({})).await.status, 404);
            assert_eq!(world.get("operations", &format!("{path}/{record}")).await.status, 200);
        }
        // Nor can it be named: neither by id nor by number.
        for word in [theirs[3].1.as_str(), "SO-7"] {
            let form = json!({"order_id": word, "quantity": "1"});
            let answer = world.ask("rep", "POST", "/api/v1/deliveries", Some(form)).await;
            assert_eq!(answer.body["errors"][0]["code"], "unknown_reference", "{}", answer.text);
        }
        // A record does not stand in its own way.
        let (path, record) = &theirs[3];
        let same = world
            .patch("operations", &format!("{path}/{record}"), 1, json!({"number": "SO-7", "channel": "shop"}))
            .await;
        assert_eq!(same.status, 200, "{}", same.text);
    })
    .await;
}
