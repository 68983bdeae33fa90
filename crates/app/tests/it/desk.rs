//! The desk: what is to be done in order of worth, the gap and what closes it, what changed.

use qiao_app::imports::Kind;
use serde_json::{Value, json};

use crate::world::{World, on_both};

/// The codes of the first pipeline's open stages.
async fn stages(world: &World) -> Vec<(String, String)> {
    let pipelines = world.get("rep", "/api/v1/pipelines").await;
    let stages = pipelines.body["items"][0]["stages"].as_array().unwrap().clone();
    let open = stages.iter().filter(|stage| stage["kind"] == "open");
    open.map(|stage| (stage["code"].as_str().unwrap().to_owned(), stage["probability"].as_str().unwrap().to_owned()))
        .collect()
}

async fn deals(world: &World, rows: &[(&str, &str, &str, &str, &str)]) {
    let stage = &stages(world).await[0].0;
    let mut text = "opportunity,name,owner,stage,amount,opened_on,expected_close_on,next_step\n".to_owned();
    let opened = today(world);
    for (name, owner, amount, close, step) in rows {
        text.push_str(&format!("X-{name},{name},{owner},{stage},{amount},{opened},{close},{step}\n"));
    }
    let outcome = world.import(Kind::Opportunities, &text).await;
    assert_eq!(outcome.created, rows.len(), "{:?}", outcome.rejected.first());
}

fn names(items: &Value) -> Vec<String> {
    items.as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

fn today(world: &World) -> chrono::NaiveDate {
    world.operator.today()
}

#[tokio::test]
async fn tasks_are_in_order_of_urgency_and_worth() {
    on_both(|world| async move {
        let day = |days: i64| (today(&world) + chrono::Duration::days(days)).to_string();
        let (past, later) = (day(-3), day(60));
        deals(
            &world,
            &[
                ("无步小", "rep", "100.00", &later, ""),
                ("无步大", "rep", "9000.00", &later, ""),
                ("过期", "rep", "50.00", &past, ""),
                ("有步", "rep", "700.00", &later, "发报价"),
                ("别人", "mate", "99999.00", &past, ""),
            ],
        )
        .await;
        let found = world.get("rep", "/api/v1/opportunities?external_id=X-有步").await;
        let id = found.body["items"][0]["id"].clone();
        let call = json!({"kind": "call", "subject": "电话", "opportunity_id": id, "next_step": "约演示", "next_step_on": day(0)});
        world.made("rep", "/api/v1/activities", call).await;
        let desk = world.get("rep", "/api/v1/desk").await;
        let items = &desk.body["tasks"]["items"];
        assert_eq!(names(items), ["过期", "有步", "无步大", "无步小"], "{}", desk.text);
        let kinds: Vec<&str> = items.as_array().unwrap().iter().filter_map(|item| item["kind"].as_str()).collect();
        assert_eq!(kinds, ["past_close", "step", "no_step", "no_step"]);
        assert_eq!((&items[0]["late_days"], &items[0]["when"]), (&json!(3), &json!("overdue")));
        assert_eq!((&items[1]["step"], &items[1]["when"]), (&json!("约演示"), &json!("today")));
        assert_eq!(desk.body["tasks"]["overdue"], 1);
        // What it is worth is explained: amount times the stage's probability, too few deals being known.
        let why = world.get("rep", items[2]["worth"]["why"].as_str().unwrap()).await;
        assert_eq!(why.body["figure"]["value"], items[2]["worth"]["value"], "{}", why.text);
        let probability: f64 = stages(&world).await[0].1.parse().unwrap();
        let worth: f64 = items[2]["worth"]["value"].as_str().unwrap().parse().unwrap();
        assert!((worth - 9000.0 * probability).abs() < 0.01, "{worth} {probability}");
        // Doing it is logging an activity; what it says is next comes in its place.
        let done = json!({"kind": "visit", "subject": "约演示", "opportunity_id": id, "next_step": "签合同", "next_step_on": day(30)});
        world.pass(60_000);
        world.made("rep", "/api/v1/activities", done).await;
        let desk = world.get("rep", "/api/v1/desk").await;
        assert_eq!(names(&desk.body["tasks"]["items"]), ["过期", "无步大", "无步小"], "{}", desk.text);
    })
    .await;
}

#[tokio::test]
async fn from_twenty_closed_deals_on_worth_is_by_the_rate_at_which_they_were_won() {
    on_both(|world| async move {
        let stages = stages(&world).await;
        let (first, second) = (&stages[0].0, &stages[1].0);
        let (opened, closed) = (today(&world) - chrono::Duration::days(60), today(&world) - chrono::Duration::days(20));
        let head = "opportunity,name,owner,stage,amount,opened_on,closed_on,stages\n";
        let row = |name: &str, owner: &str, stage: &str, way: &str| {
            let closed = if matches!(stage, "won" | "lost") { closed.to_string() } else { String::new() };
            format!("{name},{name},{owner},{stage},1000.00,{opened},{closed},{way}\n")
        };
        let through = format!("{first}|{opened}");
        // There and back again is one deal of the stage.
        let twice = format!("{first}|{opened};{second}|{opened};{first}|{}", opened + chrono::Duration::days(1));
        let mut rows = row("开", "rep", first, &through) + &row("G0", "rep", "won", &twice);
        for number in 1..11 {
            rows += &row(&format!("G{number}"), "rep", "won", &through);
        }
        for number in 0..8 {
            rows += &row(&format!("L{number}"), "rep", "lost", &through);
        }
        // A mate's deals are none that the rep sees, and one beyond the year does not count.
        for number in 0..9 {
            rows += &row(&format!("M{number}"), "mate", "lost", &through);
        }
        let long_ago = today(&world) - chrono::Duration::days(400);
        rows += &format!("A,A,rep,lost,10.00,{long_ago},{long_ago},{first}|{long_ago}\n");
        let outcome = world.import(Kind::Opportunities, &format!("{head}{rows}")).await;
        assert_eq!(outcome.rejected.len(), 0, "{:?}", outcome.rejected.first());
        let open = |desk: &Value| {
            let items = desk["tasks"]["items"].as_array().unwrap();
            items.iter().find(|item| item["name"] == "开").unwrap()["worth"].clone()
        };
        let desk = world.get("rep", "/api/v1/desk").await;
        let probability: f64 = stages[0].1.parse().unwrap();
        let worth: f64 = open(&desk.body)["value"].as_str().unwrap().parse().unwrap();
        assert!((worth - 1000.0 * probability).abs() < 0.01, "19 are too few: {worth}");
        // One more, and they are counted: 11 of 20. What was counted before does not stay.
        world.import(Kind::Opportunities, &format!("{head}{}", row("L8", "rep", "lost", &through))).await;
        let desk = world.get("rep", "/api/v1/desk").await;
        assert_eq!(open(&desk.body)["value"], "550.00", "{}", desk.text);
        let why = world.get("rep", open(&desk.body)["why"].as_str().unwrap()).await;
        assert!(why.text.contains("11 ÷ 20"), "{}", why.text);
        // The manager sees the mate's too: 11 of 29.
        let why = world.get("manager", open(&desk.body)["why"].as_str().unwrap()).await;
        assert!(why.text.contains("11 ÷ 29"), "{}", why.text);
    })
    .await;
}

#[tokio::test]
async fn money_that_is_due_and_silent_leads_are_tasks() {
    on_both(|world| async move {
        let day = |days: i64| (today(&world) + chrono::Duration::days(days)).to_string();
        let account = world.made("rep", "/api/v1/accounts", json!({"name": "甲公司"})).await;
        let contract = json!({"number": "HT-1", "account_id": account["id"], "amount": {"amount": "1000.00"}, "status": "signed",
            "schedule": [{"due_on": day(-5), "amount": {"amount": "600.00"}}, {"due_on": day(90), "amount": {"amount": "400.00"}}]});
        let contract = world.made("rep", "/api/v1/contracts", contract).await;
        world.made("finance", "/api/v1/payments", json!({"contract_id": contract["id"], "amount": {"amount": "200.00"}})).await;
        world.import(Kind::Leads, &format!("lead,name,owner,status,created_on\nL1,许工,rep,open,{}\nL2,新人,rep,open,{}\n", day(-9), day(-1))).await;
        let desk = world.get("rep", "/api/v1/desk").await;
        let items = &desk.body["tasks"]["items"];
        assert_eq!(items.as_array().unwrap().len(), 2, "{}", desk.text);
        assert_eq!((&items[0]["kind"], &items[0]["amount"]["amount"]), (&json!("payment"), &json!("400.00")), "what is open of it");
        assert_eq!((&items[1]["kind"], &items[1]["late_days"]), (&json!("silent_lead"), &json!(9)));
        let waits = world.get("finance", "/api/v1/desk/waiting").await;
        assert_eq!((&waits.body["items"][0]["kind"], &waits.body["items"][0]["amount"]["amount"]), (&json!("overdue_payments"), &json!("400.00")));
        world.made("finance", "/api/v1/payments", json!({"contract_id": contract["id"], "amount": {"amount": "400.00"}})).await;
        let waits = world.get("finance", "/api/v1/desk/waiting").await;
        assert_eq!(waits.body["items"][0]["count"], 0, "{}", waits.text);
        let targets = world.get("operations", "/api/v1/desk/waiting").await;
        assert!(targets.text.contains("missing_targets"), "{}", targets.text);
        assert_eq!(world.get("rep", "/api/v1/desk/waiting").await.body["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn the_fewest_deals_close_the_gap_of_a_team() {
    on_both(|world| async move {
        let team = world.team("East/One").await;
        let month = today(&world).format("%Y-%m").to_string();
        let target = |subject: String, base: &str| json!({"metric": "won_amount", "subject": subject, "period": month, "base": base});
        world.made("operations", "/api/v1/targets", target(format!("team:{team}"), "10000.00")).await;
        for (who, base) in [("rep", "6000.00"), ("mate", "2000.00")] {
            let subject = format!("person:{}", world.person(who).await);
            world.made("operations", "/api/v1/targets", target(subject, base)).await;
        }
        let close = today(&world).to_string();
        let before = world.get("manager", "/api/v1/desk/team").await;
        let missing = |answer: &Value| answer["gap"]["missing"]["amount"].as_str().unwrap().to_owned();
        assert!(before.body["gap"]["deals"].is_null(), "no open deal: {}", before.text);
        deals(
            &world,
            &[
                ("三千", "rep", "3000.00", &close, ""),
                ("四千", "rep", "4000.00", &close, ""),
                ("三千一", "mate", "3100.00", &close, ""),
                ("一万", "near", "10000.00", &close, ""),
            ],
        )
        .await;
        // Won this month: D1 1000 and D2 2000 of the team; 7000 are missing.
        let desk = world.get("manager", "/api/v1/desk/team").await;
        assert_eq!(missing(&desk.body), "7000.00", "{}", desk.text);
        assert_eq!(names(&desk.body["gap"]["deals"]), ["四千", "三千"], "the last is the smallest that is enough");
        assert_eq!(desk.body["gap"]["brings"]["amount"], "7000.00");
        let rows = &desk.body["rows"];
        assert_eq!(rows[0]["name"], "陈一", "who is furthest behind first: {}", desk.text);
        // Behind, though what moves is worth what is missing: it says so.
        let cause = &rows[0]["cause"];
        assert_eq!((&cause["code"], &cause["count"]), (&json!("covered"), &json!(2)), "{}", desk.text);
        assert_eq!((&cause["amount"]["amount"], &cause["deal"]["name"]), (&json!("7000.00"), &json!("四千")));
        assert_eq!(desk.body["stuck"]["count"], 0);
        // Two weeks later nothing has moved.
        world.pass(15 * 86_400_000);
        let desk = world.get("manager", "/api/v1/desk/team").await;
        assert_eq!(desk.body["stuck"]["count"], 3, "{}", desk.text);
        assert_eq!(desk.body["stuck"]["amount"]["amount"], "10100.00");
        // The region sees its teams.
        let region = world.get("director", "/api/v1/desk/team").await;
        assert_eq!(region.body["by_team"], true, "{}", region.text);
        assert_eq!(names(&region.body["rows"]).len(), 2);
        assert_eq!(world.get("rep", "/api/v1/desk/team").await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn what_changed_since_the_last_working_day() {
    on_both(|world| async move {
        // Everything was recorded on the day of the test; two days later only what is new is news.
        world.pass(4 * 86_400_000);
        let found = world.get("rep", "/api/v1/opportunities?external_id=D1").await;
        let before = world.get("rep", "/api/v1/desk/news").await;
        assert_eq!(
            (&before.body["facts_total"], &before.body["by_date"]),
            (&json!(0), &json!(false)),
            "{}",
            before.text
        );
        let made =
            world.made("rep", "/api/v1/opportunities", json!({"name": "新单", "amount": {"amount": "400.00"}})).await;
        let path = format!("/api/v1/opportunities/{}", made["id"].as_str().unwrap());
        assert_eq!(world.patch("manager", &path, 1, json!({"stage_id": "won"})).await.status, 200);
        let news = world.get("rep", "/api/v1/desk/news").await;
        // 5 % of it.
        assert_eq!(news.body["estimate"]["value"], "20.00", "{}", news.text);
        assert_eq!(news.body["lines"][0]["difference"]["value"], "20.00");
        assert!(news.body["facts_total"].as_u64().unwrap() >= 2);
        assert_eq!(
            (&news.body["moved"][0]["name"], &news.body["moved"][0]["actor"]),
            (&json!("新单"), &json!("manager"))
        );
        let why = news.body["lines"][0]["difference"]["why"].as_str().unwrap();
        assert_eq!(world.get("rep", why).await.status, 200);
        assert_eq!(found.status, 200);
    })
    .await;
}
