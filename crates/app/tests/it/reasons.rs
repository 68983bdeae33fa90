//! Why: every number leads to its rule, its arithmetic and its records, step by step.

use qiao_app::imports::Kind;
use serde_json::Value;

use crate::world::{World, on_both};

const TIERS: &str = "id: t\nname: 阶梯\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\nwho: {people: [rep]}\ncomponents:\n  - id: amount\n    name: 提成\n    basis: opportunity_won\n    rate: {tiers: {mode: marginal, rows: [{from: 0, rate: 1%}, {from: 4000, rate: 2%}]}}\n  - id: reached\n    name: 达成奖\n    basis: opportunity_won\n    rate: {tiers: {mode: whole, on: {attainment: won_amount}, rows: [{from: 0, rate: 0}, {from: 1, rate: 3%}]}}\n  - id: quote\n    name: 报价奖励\n    basis: stage_entered\n    where: {stage: proposal}\n    rate: {reward: {amount: 20}}\n";

async fn with_tiers(world: &World) {
    world.import(Kind::Targets, "metric,subject,period,base,challenge\nwon_amount,rep,2026-03,2500.00,3000.00\n").await;
    qiao_app::plans::rules::publish(&world.state, &world.operator, TIERS).await.unwrap();
}

/// Kind, expression and value of each line of the arithmetic.
fn lines(why: &Value) -> Vec<(&str, &str, &str)> {
    why["arithmetic"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (text(line, "kind"), text(line, "expression"), text(line, "value")))
        .collect()
}

fn text<'a>(line: &'a Value, key: &str) -> &'a str {
    line[key].as_str().unwrap_or_default()
}

fn why_of(why: &Value, at: usize) -> &str {
    why["arithmetic"][at]["why"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn an_attainment_is_value_over_target_each_with_its_own_reason() {
    on_both(|world| async move {
        with_tiers(&world).await;
        let values = world.get("rep", "/api/v1/metrics/won_amount/values?period=2026-03").await.body;
        assert_eq!(values["attainment"]["value"], "0.4");
        let why = world.get("rep", values["attainment"]["why"].as_str().unwrap()).await.body;
        assert_eq!((&why["figure"]["value"], &why["figure"]["unit"]), (&"0.4".into(), &"percent".into()));
        assert_eq!(
            lines(&why),
            [("line", "", "1000.00"), ("line", "", "2500.00"), ("total", "1000.00 ÷ 2500.00", "0.4")]
        );
        let value = world.get("rep", why_of(&why, 0)).await.body;
        assert_eq!(value["figure"]["value"], "1000.00");
        assert_eq!(value["facts_total"], 1);
        let target = world.get("rep", why_of(&why, 1)).await.body;
        assert_eq!(target["figure"]["value"], "2500.00");
        assert_eq!(lines(&target)[0].2, "2500.00");
        assert!(target["arithmetic"][0]["expression"].as_str().unwrap().starts_with("第 1 版，"));
        assert_eq!(lines(&target).last().unwrap(), &("note", "", "3000.00"));
        // All the facts are an address of the API, and it answers.
        let all = world.get("rep", why["facts_href"].as_str().unwrap()).await;
        assert_eq!(all.body["items"].as_array().unwrap().len(), 1, "{}", all.text);
        // Without a target there is no attainment, and it says so.
        let none = world.get("rep", "/api/v1/metrics/won_amount/explanation?period=2026-01&of=attainment").await.body;
        assert_eq!(none["figure"]["value"], Value::Null);
        let none = world.get("rep", "/api/v1/metrics/won_amount/explanation?period=2026-01&of=target").await;
        assert_eq!(none.status.as_u16(), 404);
    })
    .await;
}

#[tokio::test]
async fn a_quarter_target_adds_up_from_its_months() {
    on_both(|world| async move {
        let months = "metric,subject,period,base\nwon_amount,rep,2026-01,100.00\nwon_amount,rep,2026-02,200.00\nwon_amount,rep,2026-03,300.00\n";
        world.import(Kind::Targets, months).await;
        let why = world.get("rep", "/api/v1/metrics/won_amount/explanation?period=2026-Q1&of=target").await.body;
        let values: Vec<&str> = lines(&why).into_iter().map(|(_, _, value)| value).collect();
        assert_eq!(values, ["100.00", "200.00", "300.00", "600.00"]);
        assert_eq!(why["rule"]["version"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn the_lines_behind_an_estimate_add_up_to_it_and_lead_to_their_records() {
    on_both(|world| async move {
        with_tiers(&world).await;
        world
            .import(
                Kind::Opportunities,
                "opportunity,name,owner,stage,amount,closed_on\nD8,戊公司,rep,won,500.00,2026-03-09\nD9,己公司,rep,won,700.00,2026-03-07\n",
            )
            .await;
        // The facts of a reason stand by date, however they were recorded.
        let value = world.get("rep", "/api/v1/metrics/won_amount/explanation?period=2026-03").await.body;
        let facts: Vec<&str> = value["facts"].as_array().unwrap().iter().map(|fact| fact["date"].as_str().unwrap()).collect();
        assert!(facts.len() > 2 && facts.is_sorted(), "{facts:?}");
        let estimate = world.get("rep", "/api/v1/people/me/estimate?period=2026-03").await.body;
        let why = world.get("rep", estimate["total"]["why"].as_str().unwrap()).await.body;
        assert_eq!(why["facts_are"], "lines");
        let href = why["facts_href"].as_str().unwrap();
        let (mut cents, mut seen, mut cursor) = (0_i64, 0, String::new());
        loop {
            let page = world.get("rep", &format!("{href}&limit=2{cursor}")).await.body;
            for item in page["items"].as_array().unwrap() {
                seen += 1;
                cents += item["amount"]["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
                let record = format!("/api/v1/records/opportunity/{}", item["record"]["id"].as_str().unwrap());
                assert_eq!(world.get("rep", &record).await.status.as_u16(), 200);
                let line = world.get("rep", item["why"].as_str().unwrap()).await.body;
                assert_eq!(line["figure"]["value"], item["amount"]["amount"]);
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, why["facts_total"].as_i64().unwrap());
        assert_eq!(cents, estimate["total"]["value"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap());
        let status = &estimate["by_status"][0];
        assert_eq!(status["status"], "earned");
        assert_eq!(world.get("rep", &format!("{href}&status=held")).await.status.as_u16(), 422);
        assert_eq!(world.get("rep", &format!("{href}&status=pending")).await.body["items"], serde_json::json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_line_is_named_by_its_deal_and_a_tier_says_what_is_missing() {
    on_both(|world| async move {
        with_tiers(&world).await;
        let estimate = world.get("rep", "/api/v1/people/me/estimate?period=2026-03").await.body;
        let why = world.get("rep", estimate["lines"][0]["why"].as_str().unwrap()).await.body;
        assert_eq!((why["title"].as_str(), why["subtitle"].as_str()), (Some("甲公司一期"), Some("提成")));
        let tiers = estimate["tiers"].as_array().unwrap();
        let of = |axis: &str| tiers.iter().find(|tier| tier["axis"] == axis).unwrap()["why"].as_str().unwrap();
        let amount = world.get("rep", of("amount")).await.body;
        assert_eq!(amount["figure"]["value"], "3000.00");
        assert_eq!(
            lines(&amount),
            [("line", "", "4000.00"), ("line", "", "1000.00"), ("total", "4000.00 − 1000.00", "3000.00")]
        );
        let behind = world.get("rep", amount["facts_href"].as_str().unwrap()).await.body;
        assert_eq!(behind["items"].as_array().unwrap().len(), 1);
        assert_eq!(behind["items"][0]["basis"]["amount"], "1000.00", "the lines' bases add up to the position");
        let reached = world.get("rep", of("attainment")).await.body;
        assert_eq!((&reached["figure"]["value"], lines(&reached)[2].1), (&"0.6".into(), "100 % − 40 %"));
        let attainment = world.get("rep", why_of(&reached, 1)).await.body;
        assert_eq!(attainment["figure"]["value"], "0.4");
        assert_eq!(world.get("rep", "/api/v1/people/me/estimate/explanation?tier=a:b:c").await.status.as_u16(), 404);
    })
    .await;
}

#[tokio::test]
async fn the_pace_is_explained_by_the_calendar() {
    on_both(|world| async move {
        let pace = world.get("rep", "/api/v1/pace?period=2026-03").await.body;
        let why = world.get("rep", pace["why"].as_str().unwrap()).await.body;
        assert_eq!(why["figure"]["value"], pace["ratio"]);
        // March 2026: 31 days, nine of them on weekends.
        let values: Vec<&str> = lines(&why).into_iter().map(|(_, _, value)| value).collect();
        let gone = pace["days_gone"].to_string();
        assert_eq!(values, ["31", "-9", "22", &gone, pace["ratio"].as_str().unwrap()]);
    })
    .await;
}

#[tokio::test]
async fn a_plan_draws_its_curves_and_names_its_stages() {
    on_both(|world| async move {
        with_tiers(&world).await;
        let plans = world.get("operations", "/api/v1/plans").await.body;
        let plan = plans["items"].as_array().unwrap().iter().find(|plan| plan["key"] == "t").unwrap();
        let id = plan["id"].as_str().unwrap();
        let clauses = world.get("operations", &format!("/api/v1/plans/{id}")).await.body;
        let reward = clauses["clauses"][3]["text"].as_str().unwrap();
        assert!(reward.starts_with("商机进入方案报价阶段，每单奖励 20 元，"), "{reward}");
        let drawn = world.get("rep", &format!("/api/v1/plans/{id}/curves?period=2026-03")).await.body;
        let curves = drawn["curves"].as_array().unwrap();
        assert_eq!(curves.len(), 2);
        let point = |curve: &Value, x: &str| {
            let points = curve["lines"][0]["points"].as_array().unwrap();
            points.iter().rev().find(|point| point["x"] == x).unwrap()["y"].as_str().unwrap().to_owned()
        };
        assert_eq!(point(&curves[0], "4000"), "40");
        assert_eq!(curves[0]["here"], serde_json::json!({"x": "1000", "y": "10"}));
        assert_eq!((curves[1]["y_unit"].as_str(), point(&curves[1], "1").as_str()), (Some("money"), "75"));
        assert_eq!(curves[1]["here"], serde_json::json!({"x": "0.4", "y": "0"}));
        // Nobody's: the shape without a target and without anybody's position. Without the pay grant: the target, not
        // where the person stands.
        let shape = world.get("operations", &format!("/api/v1/plans/{id}/curves?period=2026-03")).await.body;
        assert_eq!((&shape["person"], shape["curves"][1]["y_unit"].as_str()), (&Value::Null, Some("percent")));
        let person = world.person("rep").await;
        let path = format!("/api/v1/plans/{id}/curves?period=2026-03&person={person}");
        let seen = world.get("manager", &path).await.body;
        assert_eq!(seen["curves"][1]["target"]["value"], "2500.00");
        assert_eq!(seen["curves"][1]["here"], Value::Null);
        let mate = world.person("mate").await;
        let off = world.get("operations", &format!("/api/v1/plans/{id}/curves?person={mate}")).await;
        assert_eq!(off.status.as_u16(), 404, "who is not on the plan has no curve of it");
    })
    .await;
}
