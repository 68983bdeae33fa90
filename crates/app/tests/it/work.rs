//! What people do with records beside writing them: converting leads, commenting, reading timelines and boards.

use axum::Router;
use qiao_app::context::Role;
use qiao_app::router::router;
use serde_json::{Value, json};

use crate::world::{World, on_both};

async fn lead(world: &World) -> String {
    let body = json!({"name": "许工", "company_name": "常熟明远精密", "phone": "0512-5288", "source": "展会", "region": "华东"});
    world.made("rep", "/api/v1/leads", body).await["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_lead_becomes_a_customer_a_contact_and_a_deal_at_once() {
    on_both(|world| async move {
        let id = lead(&world).await;
        let path = format!("/api/v1/leads/{id}/conversion");
        let form = json!({"opportunity": {"amount": {"amount": "48000.00"}, "next_step": "发报价"}});
        let key = [("idempotency-key", "k1")];
        let first = world.ask_with("rep", "POST", &path, Some(form.clone()), &key).await;
        assert_eq!(first.status.as_u16(), 201, "{}", first.text);
        let again = world.ask_with("rep", "POST", &path, Some(form.clone()), &key).await;
        assert_eq!((again.status.as_u16(), &again.body), (201, &first.body), "a repeated request is done once");
        assert_eq!(world.ask("rep", "POST", &path, Some(form)).await.body["code"], "already_converted");

        let one = async |kind: &str, id: &Value| {
            world.get("rep", &format!("/api/v1/{kind}/{}", id.as_str().unwrap())).await.body
        };
        let account = one("accounts", &first.body["account_id"]).await;
        assert_eq!((&account["name"], &account["region"]), (&json!("常熟明远精密"), &json!("华东")));
        let contact = one("contacts", &first.body["contact_id"]).await;
        assert_eq!((&contact["name"], &contact["phone"]), (&json!("许工"), &json!("0512-5288")));
        assert_eq!(contact["account_id"], first.body["account_id"]);
        let deal = one("opportunities", &first.body["opportunity_id"]).await;
        assert_eq!((&deal["name"], &deal["amount"]["amount"]), (&json!("常熟明远精密"), &json!("48000.00")));
        assert_eq!((&deal["contact_id"], &deal["source"]), (&first.body["contact_id"], &json!("展会")));
        let lead = one("leads", &json!(id)).await;
        assert_eq!((&lead["status"], &lead["opportunity_id"]), (&json!("converted"), &first.body["opportunity_id"]));
    })
    .await;
}

#[tokio::test]
async fn a_conversion_that_is_wrong_anywhere_makes_nothing() {
    on_both(|world| async move {
        let id = lead(&world).await;
        let path = format!("/api/v1/leads/{id}/conversion");
        let foreign =
            world.made("operations", "/api/v1/accounts", json!({"name": "乙", "owner_id": world.person("far").await}));
        let foreign = foreign.await["id"].clone();
        for (form, pointer) in [
            (json!({"opportunity": {"amount": {"amount": "1.001"}}}), "/opportunity/amount/amount"),
            (json!({"contact": {"decision_role": "boss"}}), "/contact/decision_role"),
            (json!({"account": {"name": "x".repeat(300)}}), "/account/name"),
            (json!({"account_id": foreign}), "/account_id"),
            (json!({"account": {"nam": "x"}}), "/account/nam"),
        ] {
            let answer = world.ask("rep", "POST", &path, Some(form)).await;
            assert_eq!(answer.status.as_u16(), 422, "{}", answer.text);
            assert_eq!(answer.body["errors"][0]["pointer"], pointer, "{}", answer.text);
        }
        for kind in ["accounts", "contacts"] {
            let listed = world.get("rep", &format!("/api/v1/{kind}")).await;
            assert_eq!(listed.body["items"], json!([]), "{kind}: {}", listed.text);
        }
        assert_eq!(world.get("rep", &format!("/api/v1/leads/{id}")).await.body["status"], "open");
        // No contact and no deal, a customer that is there.
        let own = world.made("rep", "/api/v1/accounts", json!({"name": "甲"})).await["id"].clone();
        let form = json!({"account_id": own, "contact": null, "opportunity": null});
        let answer = world.ask("rep", "POST", &path, Some(form)).await;
        assert_eq!((&answer.body["account_id"], &answer.body["contact_id"]), (&own, &Value::Null), "{}", answer.text);
        assert_eq!(answer.body["opportunity_id"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn a_timeline_tells_what_was_done_said_and_changed_page_by_page() {
    on_both(|world| async move {
        let deal = world.made("rep", "/api/v1/opportunities", json!({"name": "二期"})).await;
        let id = deal["id"].as_str().unwrap();
        let path = format!("/api/v1/opportunities/{id}");
        world.pass(60_000);
        let changed = world.patch("rep", &path, 1, json!({"amount": {"amount": "12.50"}, "next_step": "报价"})).await;
        assert_eq!(changed.status.as_u16(), 200, "{}", changed.text);
        world.pass(60_000);
        for n in 0..3 {
            let body = json!({"kind": "visit", "subject": format!("第 {n} 次"), "opportunity_id": id, "outcome": "好"});
            world.made("rep", "/api/v1/activities", body).await;
        }
        let comments = format!("/api/v1/records/opportunity/{id}/comments");
        let said = world.made("manager", &comments, json!({"text": "先约 <script>alert(1)</script> 技术"})).await;
        world.pass(60_000);
        world.made("rep", &comments, json!({"text": "收到"})).await;

        let timeline = format!("/api/v1/records/opportunity/{id}/timeline");
        let whole = world.get("rep", &timeline).await;
        let titles = |answer: &Value| -> Vec<String> {
            answer["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|event| event["title"].as_str().unwrap().to_owned())
                .collect()
        };
        let expected = ["评论", "评论", "拜访 · 第 2 次", "拜访 · 第 1 次", "拜访 · 第 0 次", "修改", "新建"];
        assert_eq!(titles(&whole.body), expected, "{}", whole.text);
        let change = &whole.body["items"][5]["changes"];
        assert_eq!(
            change[0],
            json!({"field": "amount_minor", "label": "金额", "before": null, "after": "12.50", "currency": "CNY"})
        );
        assert_eq!((&change[1]["field"], &change[1]["after"]), (&json!("next_step"), &json!("报价")));
        assert_eq!((&whole.body["items"][0]["own"], &whole.body["items"][1]["own"]), (&json!(true), &json!(false)));
        for size in [1, 2, 3] {
            let (mut all, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = world.get("rep", &format!("{timeline}?limit={size}{cursor}")).await.body;
                all.extend(titles(&page));
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(all, expected, "pages of {size}");
        }

        let comment = format!("/api/v1/comments/{}", said["id"].as_str().unwrap());
        assert_eq!(world.patch("rep", &comment, 1, json!({"text": "x"})).await.status.as_u16(), 404, "another's");
        assert_eq!(world.patch("manager", &comment, 9, json!({"text": "x"})).await.status.as_u16(), 412);
        assert_eq!(world.patch("manager", &comment, 1, json!({"text": " "})).await.status.as_u16(), 422);
        assert_eq!(world.patch("manager", &comment, 1, json!({"text": "先约"})).await.body["text"], "先约");
        assert_eq!(world.ask("manager", "DELETE", &comment, None).await.status.as_u16(), 204);
        assert_eq!(world.ask("manager", "DELETE", &comment, None).await.status.as_u16(), 404);
        assert_eq!(world.get("rep", &timeline).await.body["items"].as_array().unwrap().len(), 6);
        assert_eq!(world.get("far", &timeline).await.status.as_u16(), 401);
    })
    .await;
}

#[tokio::test]
async fn a_board_adds_up_and_shows_what_the_asker_sees() {
    on_both(|world| async move {
        for (owner, stage, amount) in
            [("rep", "proposal", "10.00"), ("rep", "proposal", "20.00"), ("mate", "proposal", "40.00"), ("far", "negotiation", "80.00")]
        {
            let body = json!({"name": "单", "owner_id": world.person(owner).await, "stage_id": stage, "amount": {"amount": amount}});
            world.made("operations", "/api/v1/opportunities", body).await;
        }
        let pipelines = world.get("rep", "/api/v1/pipelines").await;
        let path = format!("/api/v1/pipelines/{}/board", pipelines.body["items"][0]["id"].as_str().unwrap());
        let east = world.team("East").await;
        let seen = async |who: &str, query: &str| {
            let board = world.get(who, &format!("{path}{query}")).await;
            assert_eq!(board.status.as_u16(), 200, "{}", board.text);
            let stage = |stage: &Value| {
                let count = stage["count"].as_i64().unwrap();
                let cards = stage["cards"].as_array().unwrap().len();
                (stage["code"].as_str().unwrap().to_owned(), count, stage["amount"]["amount"].as_str().unwrap().to_owned(), cards)
            };
            let all = board.body["stages"].as_array().unwrap().iter().map(stage);
            all.filter(|(_, count, ..)| *count > 0).map(|(code, count, amount, cards)| format!("{code} {count} {amount} {cards}")).collect::<Vec<_>>()
        };
        // The deals of the world were won this month.
        assert_eq!(seen("rep", "").await, ["proposal 2 30.00 2", "won 1 1000.00 1"]);
        assert_eq!(seen("manager", "").await, ["proposal 3 70.00 3", "won 2 3000.00 2"]);
        assert_eq!(seen("operations", "?limit=1").await, ["proposal 3 70.00 1", "negotiation 1 80.00 1", "won 4 10000.00 1"]);
        assert_eq!(seen("operations", &format!("?team_id={east}&sort=-amount")).await, ["proposal 3 70.00 3", "won 3 6000.00 3"]);
        let mate = world.person("mate").await;
        assert_eq!(seen("operations", &format!("?owner_id={mate}")).await, ["proposal 1 40.00 1", "won 1 2000.00 1"]);
        assert_eq!(seen("rep", &format!("?owner_id={mate}")).await, Vec::<String>::new());
        assert_eq!(world.get("rep", &format!("{path}?sort=colour")).await.status.as_u16(), 422);
        assert_eq!(world.get("rep", &path.replace("/board", "0/board")).await.status.as_u16(), 404);
    })
    .await;
}

#[tokio::test]
async fn a_deal_of_a_file_stands_in_its_stage_since_its_own_days_not_since_the_import() {
    on_both(|world| async move {
        let csv = "opportunity,name,owner,stage,amount,opened_on,closed_on\n\
            S1,开着,rep,proposal,10.00,2026-02-01,\nS2,赢了,rep,won,10.00,2026-01-02,2026-03-02\nS3,没日期,rep,proposal,10.00,,\n";
        world.import(qiao_app::imports::Kind::Opportunities, csv).await;
        for (deal, since) in [("S1", "2026-01-31T16:00:00.000Z"), ("S2", "2026-03-01T16:00:00.000Z")] {
            let list = world.get("rep", &format!("/api/v1/opportunities?external_id={deal}")).await;
            assert_eq!(list.body["items"][0]["stage_entered_at"], since, "midnight in Shanghai: {}", list.text);
        }
        let list = world.get("rep", "/api/v1/opportunities?external_id=S3").await;
        assert_eq!(list.body["items"][0]["stage_entered_at"], list.body["items"][0]["updated_at"]);
    })
    .await;
}

#[tokio::test]
async fn search_finds_two_letters_of_a_name_and_any_part_of_a_number_within_the_scope() {
    on_both(|world| async move {
        let account =
            world.made("rep", "/api/v1/accounts", json!({"name": "深圳华为技术有限公司", "phone": "0755-2878"})).await;
        let contact = json!({"name": "张三", "account_id": account["id"], "phone": "13800001111"});
        world.made("rep", "/api/v1/contacts", contact).await;
        let far = json!({"name": "华为终端", "owner_id": world.person("far").await});
        world.made("operations", "/api/v1/accounts", far).await;
        let gone = world.made("rep", "/api/v1/accounts", json!({"name": "华为旧"})).await;
        let path = format!("/api/v1/accounts/{}", gone["id"].as_str().unwrap());
        world.ask_with("rep", "DELETE", &path, None, &[("if-match", "\"1\"")]).await;
        for (who, question, expected) in [
            ("rep", "华为", vec!["深圳华为技术有限公司"]),
            ("operations", "华为", vec!["华为终端", "深圳华为技术有限公司"]),
            ("rep", "1111", vec!["张三"]),
            ("rep", "张三 138", vec!["张三"]),
            ("rep", "张三 139", vec![]),
            ("rep", "终端", vec![]),
            ("rep", "甲公司", vec!["甲公司一期"]),
            ("rep", "%", vec![]),
            ("rep", " ", vec![]),
        ] {
            let query = question.replace('%', "%25").replace(' ', "%20");
            let answer = world.get(who, &format!("/api/v1/search?q={query}")).await;
            let items = answer.body["items"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
            let titles: Vec<&str> = items.iter().map(|item| item["title"].as_str().unwrap()).collect();
            assert_eq!(titles, expected, "{who} {question}");
        }
        let answer = world.get("rep", "/api/v1/search?q=1111").await;
        assert_eq!(answer.body["items"][0]["detail"], "深圳华为技术有限公司 · 13800001111");
        assert_eq!(world.get("rep", "/api/v1/search?q=x&limit=51").await.status.as_u16(), 422);
    })
    .await;
}

#[tokio::test]
async fn search_knows_what_was_written_before_it_on_whatever_node_and_to_whom_it_belongs_now() {
    on_both(|mut world| async move {
        let titles = async |world: &World, who: &str, question: &str| -> Vec<String> {
            let answer = world.get(who, &format!("/api/v1/search?q={question}")).await;
            let items = answer.body["items"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
            items.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
        };
        world.user("far", Role::Rep, false).await;
        assert_eq!(titles(&world, "rep", "海尔").await, Vec::<String>::new());
        let other = router(world.node().await, Router::new());
        let here = std::mem::replace(&mut world.app, other.clone());
        let account = world.made("rep", "/api/v1/accounts", json!({"name": "青岛海尔"})).await;
        let contact = json!({"name": "周敏", "account_id": account["id"]});
        world.made("rep", "/api/v1/contacts", contact).await;
        let deal = json!({"name": "海尔智家平台", "account_id": account["id"]});
        let deal = world.made("rep", "/api/v1/opportunities", deal).await;
        world.app = here;
        assert_eq!(titles(&world, "rep", "海尔").await, ["青岛海尔", "海尔智家平台"]);
        assert_eq!(titles(&world, "far", "海尔").await, Vec::<String>::new());
        // A new name, and the whole name before newer ones that only hold it.
        let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
        assert_eq!(world.patch("rep", &path, 1, json!({"name": "卡奥斯"})).await.status.as_u16(), 200);
        world.made("rep", "/api/v1/accounts", json!({"name": "卡奥斯二厂"})).await;
        world.app = other;
        // By the name it had before it is found, too, and the answer says so.
        assert_eq!(titles(&world, "rep", "青岛").await, ["卡奥斯"]);
        let found = world.get("rep", "/api/v1/search?q=%E9%9D%92%E5%B2%9B").await;
        assert_eq!(found.body["items"][0]["detail"], "曾用名：青岛海尔", "{}", found.text);
        assert_eq!(titles(&world, "rep", "青岛%20奥斯").await, ["卡奥斯"], "one word of each name");
        let now = world.get("rep", "/api/v1/search?q=%E5%8D%A1%E5%A5%A5%E6%96%AF").await;
        assert_eq!(now.body["items"][0]["detail"], json!(null), "{}", now.text);
        assert_eq!(titles(&world, "rep", "卡奥斯").await, ["卡奥斯", "卡奥斯二厂"]);
        // Shared, then given away: with the customer go its people.
        let (rep, far) = (world.person("rep").await, world.person("far").await);
        let shares = [(rep, "0.5"), (far, "0.5")];
        let shares = shares.map(|(person, share)| json!({"person_id": person, "role": "owner", "share": share}));
        let address = format!("/api/v1/opportunities/{}", deal["id"].as_str().unwrap());
        let shared = world.patch("operations", &address, 1, json!({"splits": shares})).await;
        assert_eq!(shared.status.as_u16(), 200, "{}", shared.text);
        assert_eq!(titles(&world, "far", "海尔").await, ["海尔智家平台"]);
        assert_eq!(titles(&world, "far", "周敏").await, Vec::<String>::new());
        let given = world.patch("operations", &path, 2, json!({"owner_id": far})).await;
        assert_eq!(given.status.as_u16(), 200, "{}", given.text);
        assert_eq!(titles(&world, "far", "周敏").await, ["周敏"]);
        assert_eq!(titles(&world, "far", "卡奥斯").await, ["卡奥斯"]);
        assert_eq!(titles(&world, "rep", "卡奥斯").await, ["卡奥斯二厂"]);
    })
    .await;
}

#[tokio::test]
async fn a_duplicate_is_told_to_everybody_and_shown_to_those_who_may_see_it() {
    on_both(|world| async move {
        let far = world.person("far").await;
        let body = json!({"name": "常熟明远精密有限公司", "phone": "+86 138-0000-1111", "owner_id": far});
        let account = world.made("operations", "/api/v1/accounts", body).await;
        let lead = json!({"name": "许工", "company_name": "台州宏远 机电", "email": "Xu@Example.com"});
        let lead = world.made("rep", "/api/v1/leads", lead).await;
        let find = async |who: &str, query: &str| {
            let answer = world.get(who, &format!("/api/v1/duplicates?{query}")).await;
            answer.body["items"].as_array().unwrap_or_else(|| panic!("{}", answer.text)).clone()
        };
        for query in [
            "name=常熟明远精密",
            "name=常熟%20明远精密（集团）",
            "phone=13800001111",
            "name=x&phone=0086%2013800001111",
        ] {
            let seen = find("operations", query).await;
            assert_eq!((seen.len(), &seen[0]["id"]), (1, &account["id"]), "{query}: {seen:?}");
            let hidden = find("rep", query).await;
            assert_eq!(hidden.len(), 1, "{query}");
            assert_eq!(
                (&hidden[0]["id"], &hidden[0]["name"], &hidden[0]["owner"]),
                (&Value::Null, &Value::Null, &json!("赵四"))
            );
        }
        for query in ["name=台州宏远机电有限公司", "email=xu@example.com"] {
            assert_eq!(find("rep", query).await[0]["id"], lead["id"], "{query}");
        }
        // Converted, put away or called something else by now: no duplicate.
        let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
        let renamed = world.patch("operations", &path, 1, json!({"name": "苏州明远"})).await;
        assert_eq!(renamed.status.as_u16(), 200, "{}", renamed.text);
        assert!(find("operations", "name=常熟明远精密").await.is_empty());
        assert_eq!(find("operations", "name=苏州明远集团").await.len(), 1);
        let back = world.patch("operations", &path, 2, json!({"name": account["name"]})).await;
        assert_eq!(back.status.as_u16(), 200, "{}", back.text);
        assert_eq!(find("operations", "name=常熟明远精密").await.len(), 1);
        let own = lead["id"].as_str().unwrap();
        assert!(find("rep", &format!("email=xu@example.com&except={own}")).await.is_empty());
        for query in ["", "name=明", "name=常熟明远", "phone=1380000", "name=%25%25"] {
            assert!(find("operations", query).await.is_empty(), "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn several_deals_are_edited_at_once_previewed_and_put_back() {
    on_both(|world| async move {
        let path = "/api/v1/opportunities/bulk-edits";
        let deal = async |name: &str| world.made("rep", "/api/v1/opportunities", json!({"name": name})).await;
        let (one, two, three) = (deal("一").await, deal("二").await, deal("三").await);
        let mate = world.person("mate").await;
        let edit =
            |deal: &Value, fields: Value| json!({"id": deal["id"], "version": deal["version"], "fields": fields});
        let amount = json!({"amount": {"amount": "5000.00", "currency": "CNY"}, "owner_id": mate});
        let wrong = json!({"amount": {"amount": "1.234"}});
        let foreign = world.get("operations", "/api/v1/opportunities?external_id=D4").await.body["items"][0].clone();
        let edits = json!([
            edit(&one, amount.clone()),
            edit(&two, wrong),
            edit(&three, json!({"name": "三"})),
            edit(&foreign, json!({"name": "偷"}))
        ]);
        let sent = |preview: bool| Some(json!({"edits": edits, "preview": preview}));
        let preview = world.ask("manager", "POST", path, sent(true)).await;
        assert_eq!(preview.status.as_u16(), 200, "{}", preview.text);
        let told = |answer: &Value| {
            let changed = &answer["changed"][0];
            assert_eq!(changed["id"], one["id"]);
            assert_eq!(
                (&changed["before"]["amount"], &changed["after"]["amount"]["amount"]),
                (&Value::Null, &json!("5000.00"))
            );
            assert_eq!(changed["after"]["owner_id"], json!(mate));
            assert_eq!(answer["unchanged"], json!([three["id"]]));
            let refused = answer["refused"].as_array().unwrap();
            assert_eq!(refused.len(), 2, "{answer}");
            assert_eq!(refused[0]["problem"]["errors"][0]["pointer"], "/edits/1/fields/amount/amount");
            assert_eq!(refused[1]["problem"]["code"], "not_found", "out of scope");
        };
        told(&preview.body);
        let address = format!("/api/v1/opportunities/{}", one["id"].as_str().unwrap());
        let now = async || world.get("manager", &address).await.body;
        assert_eq!(now().await["amount"], Value::Null, "a preview writes nothing");
        let key = [("idempotency-key", "bulk-1")];
        let done = world.ask_with("manager", "POST", path, sent(false), &key).await;
        told(&done.body);
        assert_eq!(now().await["owner_id"], json!(mate));
        let again = world.ask_with("manager", "POST", path, sent(false), &key).await;
        assert_eq!(again.body, done.body, "the same request again is told the same");
        // Undone with what was there before.
        let changed = &done.body["changed"][0];
        let before = json!({"amount": changed["before"]["amount"], "owner_id": changed["before"]["owner_id"]});
        let undo = json!({"edits": [{"id": one["id"], "version": changed["version"], "fields": before}]});
        let undone = world.ask("manager", "POST", path, Some(undo.clone())).await;
        assert_eq!(undone.body["changed"][0]["after"]["owner_id"], one["owner_id"], "{}", undone.text);
        let stale = world.ask("manager", "POST", path, Some(undo)).await;
        assert_eq!(stale.body["refused"][0]["problem"]["status"], 412, "{}", stale.text);
        // Put away together.
        let away = json!({"edits": [{"id": two["id"], "version": two["version"], "archived": true}]});
        let put = world.ask("manager", "POST", path, Some(away)).await;
        assert_eq!(put.body["changed"][0]["after"]["archived"], true, "{}", put.text);
        for (body, status, pointer) in [
            (json!({"edits": []}), 422, "/edits"),
            (json!({"edits": [{"id": two["id"], "version": 1}]}), 422, "/edits/0"),
            (json!({"edits": [{"id": two["id"], "version": 1, "fields": {"colour": 1}}]}), 422, "/edits/0/fields"),
            (json!({"edits": [{"id": two["id"], "fields": {}}]}), 422, "/edits/0/version"),
        ] {
            let answer = world.ask("manager", "POST", path, Some(body)).await;
            assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
            let at = answer.body["errors"][0]["pointer"].as_str().unwrap();
            assert!(at.starts_with(pointer), "{}", answer.text);
        }
        assert_eq!(
            world.ask("auditor", "POST", path, Some(json!({"edits": [edit(&one, json!({}))]}))).await.status.as_u16(),
            403
        );
    })
    .await;
}
