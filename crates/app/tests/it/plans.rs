//! Drafts of plans and metrics: what they say before they are published, and that what is read back is what was sent.

use qiao_app::plans::rules::{Published, publish};
use serde_json::{Value, json};

use crate::world::{World, on_both};

const KINDS: &str = "id: round\nname: {zh: 提成, en: Commission}\ncurrency: CNY\nperiod: quarter\nfrom: 2026-01-01\nto: 2026-12-31\n\
    who: {roles: [rep], teams: [East]}\nrounding: down\ncomponents:\n\
    \x20 - {id: a, name: 甲, basis: opportunity_won, rate: {flat: 10%}}\n\
    \x20 - {id: b, name: 乙, basis: contract_signed, measure: margin, where: {customer_kind: new, amount: \">= 100\"}, roles: [owner, overlay], rate: {lookup: {by: [product_line], rows: [{product_line: GTX, rate: 8%}], default: 5%}}}\n\
    \x20 - {id: c, name: 丙, basis: payment_received, rate: {tiers: {mode: marginal, rows: [{from: 0, rate: 4%}, {from: 200000, rate: 6.5%}]}}}\n\
    \x20 - {id: d, name: 丁, basis: won_amount, rate: {tiers: {mode: whole, on: {attainment: won_amount}, rows: [{from: 0, rate: 0}, {from: 0.8, rate: 2%}]}}}\n\
    \x20 - {id: e, name: 戊, basis: stage_entered, where: {stage: proposal}, rate: {reward: {amount: 300, if_lost: forfeit}}}\n";

async fn check(world: &World, source: &str) -> Value {
    let answer = world.ask("operations", "POST", "/api/v1/plans/checks", Some(json!({"source": source}))).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    answer.body
}

#[tokio::test]
async fn what_is_read_back_of_a_plan_is_what_was_published() {
    on_both(|world| async move {
        // By the command's way: from a file.
        let done = publish(&world.state, &world.operator, KINDS).await.unwrap();
        let Published::Version { plan_id, version: 1 } = done else { panic!("{done:?}") };
        let read = world.get("operations", &format!("/api/v1/plans/{plan_id}/source")).await;
        let source = read.body["source"].as_str().unwrap();
        let checked = check(&world, source).await;
        assert_eq!((&checked["mistakes"], &checked["unchanged"]), (&json!([]), &json!(true)));
        // By the form's way: the same structure as JSON says the same, to the byte.
        let again = world.ask("operations", "POST", "/api/v1/plans", Some(json!({"source": source}))).await;
        assert_eq!((again.status.as_u16(), &again.body["unchanged"]), (200, &json!(true)), "{}", again.text);
        // The clauses of the draft are those of the version.
        let shown = world.get("operations", &format!("/api/v1/plans/{plan_id}")).await;
        assert_eq!(checked["clauses"]["zh"], shown.body["clauses"]);
        // A changed draft is a new version, by either way the same one.
        let mut changed: Value = serde_json::from_str(source).unwrap();
        changed["from"] = json!("2026-04-01");
        changed["components"][0]["rate"]["flat"] = json!("0.12");
        let form = world.ask("operations", "POST", "/api/v1/plans", Some(json!({"source": changed.to_string()}))).await;
        assert_eq!((form.status.as_u16(), &form.body["version"]), (201, &json!(2)), "{}", form.text);
        let file = KINDS.replace("from: 2026-01-01", "from: 2026-04-01").replace("{flat: 10%}", "{flat: 12%}");
        let done = publish(&world.state, &world.operator, &file).await.unwrap();
        assert!(matches!(done, Published::Unchanged { version: 2, .. }), "{done:?}");
    })
    .await;
}

#[tokio::test]
async fn a_draft_says_its_clauses_its_mistakes_and_whom_it_touches() {
    on_both(|world| async move {
        let plan = |who: &str, rows: &str| {
            format!(
                "id: p\nname: 方案\ncurrency: CNY\nperiod: month\nfrom: 2026-03-01\nwho: {who}\ncomponents:\n\
                 \x20 - {{id: c, name: 提成, basis: opportunity_won, rate: {{tiers: {{mode: marginal, rows: {rows}}}}}}}\n"
            )
        };
        let right = check(&world, &plan("{teams: [East]}", "[{from: 0, rate: 4%}, {from: 1000, rate: 6%}]")).await;
        assert_eq!((&right["mistakes"], &right["version"], &right["unchanged"]), (&json!([]), &json!(2), &json!(false)));
        assert!(right["clauses"]["zh"][1]["text"].as_str().unwrap().contains("超额累进"), "{right}");
        assert!(right["clauses"]["en"][1]["text"].as_str().unwrap().contains("each band"), "{right}");
        assert_eq!(right["curves"][0]["edges"][1]["at"], "1000");
        let names = |list: &str| -> Vec<String> {
            let people = right["touched"][list].as_array().unwrap().iter();
            people.map(|person| person["external_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        // The plan of this world is for reps; this one for everybody in the East.
        let sorted = |mut names: Vec<String>| {
            names.sort();
            names
        };
        assert_eq!(sorted(names("joining")), ["director", "manager", "second"]);
        assert_eq!(sorted(names("staying")), ["mate", "near", "rep"]);
        assert_eq!(names("leaving"), ["far"]);
        let wrong = check(&world, &plan("{teams: [North]}", "[{from: 5, rate: 4%}, {from: 1, rate: 6%}]")).await;
        let found: Vec<_> = wrong["mistakes"].as_array().unwrap().iter().map(|m| m["pointer"].as_str().unwrap()).collect();
        let rows = "/components/0/rate/tiers/rows";
        assert_eq!(found, ["/who/teams/0".to_owned(), format!("{rows}/0/from"), format!("{rows}/1/from")]);
        assert_eq!(wrong["curves"], json!([]));
        let unread = check(&world, "id: [").await;
        assert_eq!((&unread["clauses"], &unread["mistakes"][0]["code"]), (&json!(null), &json!("unreadable")));
        // Nothing was written by any of it.
        let plans = world.get("operations", "/api/v1/plans").await;
        assert_eq!((&plans.body["items"][0]["version"], plans.body["items"].as_array().unwrap().len()), (&json!(1), 1));
        // The mistakes are told in the reader's language.
        let source = json!({"source": plan("{}", "[{from: 0, rate: 4%}]")});
        world.ask("operations", "PATCH", "/api/v1/me", Some(json!({"locale": "zh-CN"}))).await;
        let zh = world.ask("operations", "POST", "/api/v1/plans/checks", Some(source)).await;
        assert_eq!(zh.body["mistakes"][0]["detail"], "请指定适用的角色、团队或成员。", "{}", zh.text);
    })
    .await;
}

#[tokio::test]
async fn a_draft_of_a_metric_says_what_it_would_come_to() {
    on_both(|world| async move {
        let history = world.get("rep", "/api/v1/metrics/won_amount/versions").await;
        let mut source: Value = serde_json::from_str(history.body["items"][0]["source"].as_str().unwrap()).unwrap();
        let preview = |source: &Value| json!({"source": source.to_string(), "subject": "company", "period": "2026-03"});
        let same = world.ask("operations", "POST", "/api/v1/metrics/previews", Some(preview(&source))).await;
        assert_eq!(same.status.as_u16(), 200, "{}", same.text);
        assert_eq!(
            (&same.body["before"]["value"], &same.body["after"]["value"]),
            (&json!("10000.00"), &json!("10000.00"))
        );
        source["from"] = json!("2026-03-01");
        source["formula"]["sum"]["where"] = json!({"amount": ">= 3000"});
        let after = world.ask("operations", "POST", "/api/v1/metrics/previews", Some(preview(&source))).await.body;
        assert_eq!(
            (&after["after"]["value"], &after["facts_before"], &after["facts_after"]),
            (&json!("7000.00"), &json!(4), &json!(2))
        );
        assert_eq!(after["version"], 2);
        assert!(after["definition"]["zh"].as_str().unwrap().contains("金额 ≥ 3000"), "{after}");
        // A draft is no version; published it is, and the history says who and why.
        assert_eq!(
            world.get("rep", "/api/v1/metrics/won_amount/versions").await.body["items"].as_array().unwrap().len(),
            1
        );
        let publish = json!({"source": source.to_string(), "reason": "小单不计"});
        assert_eq!(world.ask("operations", "POST", "/api/v1/metrics", Some(publish)).await.status.as_u16(), 201);
        let history = world.get("rep", "/api/v1/metrics/won_amount/versions").await;
        let newest = &history.body["items"][0];
        assert_eq!(
            (&newest["version"], &newest["reason"], &newest["published_by"]),
            (&json!(2), &json!("小单不计"), &json!("operations"))
        );
        let wrong =
            world.ask("operations", "POST", "/api/v1/metrics/previews", Some(json!({"source": "code: ["}))).await;
        assert_eq!(wrong.body["errors"][0]["code"], "metric_mistake");
        let fields = world.get("rep", "/api/v1/fact-fields").await.body;
        let stage =
            fields["fields"].as_array().unwrap().iter().find(|field| field["field"] == "stage").unwrap().clone();
        assert_eq!(stage["values"][2], json!({"value": "proposal", "name": "方案报价"}));
    })
    .await;
}
