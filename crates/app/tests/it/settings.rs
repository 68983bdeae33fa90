//! What the company sets: its calendar, its rule for new customers, its metrics; and what the audit log says of it.

use serde_json::json;

use crate::world::on_both;

#[tokio::test]
async fn a_closing_day_moves_the_end_of_the_month() {
    on_both(|world| async move {
        let deal = json!({"name": "x", "stage_id": "won", "closed_on": "2026-02-26", "opened_on": "2026-01-01", "amount": {"amount": "7.00"}});
        world.made("rep", "/api/v1/opportunities", deal).await;
        let rep = world.person("rep").await;
        let path = format!("/api/v1/metrics/won_amount/values?subject=person:{rep}&period=2026-03");
        assert_eq!(world.get("rep", &path).await.body["total"]["value"], "1000.00");
        let changed = world.patch("administrator", "/api/v1/company", 1, json!({"month_closing_day": 25})).await;
        assert_eq!((changed.status.as_u16(), changed.body["month_closing_day"].as_i64()), (200, Some(25)), "{}", changed.text);
        assert_eq!(world.get("rep", &path).await.body["total"]["value"], "1007.00");
        let stale = world.patch("administrator", "/api/v1/company", 1, json!({"name": "y"})).await;
        assert_eq!(stale.status.as_u16(), 412);
        for (form, code) in [
            (json!({"month_closing_day": 31}), "out_of_range"),
            (json!({"fiscal_year_start_month": 13}), "out_of_range"),
            (json!({"weekend": "someday"}), "not_a_choice"),
            (json!({"name": null}), "required"),
            (json!({"currency": "USD"}), "unknown_field"),
        ] {
            let wrong = world.patch("administrator", "/api/v1/company", 2, form).await;
            assert_eq!(wrong.body["errors"][0]["code"], code, "{}", wrong.text);
        }
        // The rule for new customers gets a version of its own.
        let rule = world.patch("operations", "/api/v1/company", 2, json!({"no_contract_months": 12})).await;
        assert_eq!((&rule.body["customer_rule"]["version"], &rule.body["customer_rule"]["no_contract_months"]), (&json!("2"), &json!(12)));
        let back = world.patch("administrator", "/api/v1/company", 3, json!({"month_closing_day": null})).await;
        assert_eq!(back.body["month_closing_day"], json!(null));
        assert_eq!(world.get("rep", &path).await.body["total"]["value"], "1000.00");
    })
    .await;
}

#[tokio::test]
async fn a_working_weekend_counts_and_a_holiday_does_not() {
    on_both(|world| async move {
        let days = |text: &serde_json::Value| text.to_string();
        let before = world.get("rep", "/api/v1/pace?period=2026-03").await.body;
        let put =
            |date: &str, kind: &str| (format!("/api/v1/calendar-days/{date}"), json!({"kind": kind, "name": "调休"}));
        let (path, body) = put("2026-03-21", "working");
        assert_eq!(world.ask("operations", "PUT", &path, Some(body)).await.status.as_u16(), 200);
        let with = world.get("rep", "/api/v1/pace?period=2026-03").await.body;
        assert_ne!(days(&before), days(&with));
        let listed = world.get("rep", "/api/v1/calendar-days?year=2026").await;
        assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
        assert_eq!(world.ask("operations", "DELETE", &path, None).await.status.as_u16(), 204);
        assert_eq!(days(&world.get("rep", "/api/v1/pace?period=2026-03").await.body), days(&before));
        let (path, body) = put("2026-03-32", "working");
        assert_eq!(world.ask("operations", "PUT", &path, Some(body)).await.status.as_u16(), 422);
        let (path, body) = put("2026-03-21", "free");
        assert_eq!(world.ask("operations", "PUT", &path, Some(body)).await.body["errors"][0]["code"], "not_a_choice");
    })
    .await;
}

#[tokio::test]
async fn a_metric_is_published_and_a_newer_version_takes_over_from_its_day() {
    on_both(|world| async move {
        let source = |from: &str, formula: &str| {
            format!(
                "code: big_wins\nfrom: {from}\nname: {{zh: 大单金额, en: Big wins}}\ndescription: {{zh: 大单, en: Big}}\n\
                 category: result\ndirection: higher\ncombination: sum\nunit: money\nformula: {formula}\n"
            )
        };
        let all = "{sum: {of: amount, kinds: [opportunity_won]}}";
        let big = "{sum: {of: amount, kinds: [opportunity_won], where: {amount: '>= 3000'}}}";
        let post = |text: String| json!({"source": text, "reason": "test"});
        let first = world.ask("operations", "POST", "/api/v1/metrics", Some(post(source("2026-01-01", all)))).await;
        assert_eq!((first.status.as_u16(), first.body["version"].as_i64()), (201, Some(1)), "{}", first.text);
        let path = "/api/v1/metrics/big_wins/values?subject=company&period=2026-03";
        assert_eq!(world.get("finance", path).await.body["total"]["value"], "10000.00");
        let again = world.ask("operations", "POST", "/api/v1/metrics", Some(post(source("2026-01-01", all)))).await;
        assert_eq!((again.status.as_u16(), again.body["unchanged"].as_bool()), (200, Some(true)));
        let second = world.ask("operations", "POST", "/api/v1/metrics", Some(post(source("2026-03-01", big)))).await;
        assert_eq!(second.body["version"], 2);
        assert_eq!(world.get("finance", path).await.body["total"]["value"], "7000.00");
        for (text, part) in [
            (source("2026-02-01", all), "2026-03-01"),
            (source("2026-04-01", "{sum: {of: amount, kinds: [Won Deals]}}"), "metric_mistake"),
            (source("2026-04-01", "{median: {of: amount}}"), "formula"),
            (source("2026-04-01", all).replace("unit: money", "unit: count"), "metric_mistake"),
            (source("2026-04-01", all).replace("big_wins", "Big Wins"), "metric_mistake"),
            ("code: [".to_owned(), "metric_mistake"),
        ] {
            let wrong = world.ask("operations", "POST", "/api/v1/metrics", Some(post(text))).await;
            assert!(wrong.status.as_u16() == 422 && wrong.text.contains(part), "{part}: {}", wrong.text);
        }
    })
    .await;
}

#[tokio::test]
async fn the_audit_log_says_who_changed_what() {
    on_both(|world| async move {
        let lead = world.made("rep", "/api/v1/leads", json!({"name": "before"})).await;
        let id = lead["id"].as_str().unwrap().to_owned();
        world.patch("rep", &format!("/api/v1/leads/{id}"), 1, json!({"name": "after"})).await;
        let log = world.get("auditor", &format!("/api/v1/audit-entries?record_type=lead&record_id={id}&limit=1")).await;
        let entry = &log.body["items"][0];
        assert_eq!((&entry["action"], &entry["actor_name"]), (&json!("updated"), &json!("rep")));
        assert_eq!((&entry["before"]["name"], &entry["after"]["name"]), (&json!("before"), &json!("after")));
        let next = log.body["next_cursor"].as_str().unwrap();
        let rest =
            world.get("auditor", &format!("/api/v1/audit-entries?record_type=lead&record_id={id}&cursor={next}")).await;
        assert_eq!(rest.body["items"].as_array().unwrap().len(), 1);
        assert_eq!(rest.body["items"][0]["action"], "created");
    })
    .await;
}

#[tokio::test]
async fn the_audit_log_is_narrowed_by_day_and_text_and_told_in_words() {
    on_both(|world| async move {
        let rep = world.person("rep").await;
        let lead = world.made("rep", "/api/v1/leads", json!({"name": "云栖100%", "owner_id": rep})).await;
        let id = lead["id"].as_str().unwrap().to_owned();
        world.patch("rep", &format!("/api/v1/leads/{id}"), 1, json!({"phone": "0138"})).await;
        let count = async |query: &str| {
            let log = world.get("auditor", &format!("/api/v1/audit-entries?record_type=lead&{query}")).await;
            log.body["items"].as_array().unwrap().len()
        };
        // The clock of the tests stands on 2026-03-19 in Shanghai.
        let today = world.get("rep", "/api/v1/me").await.body["company"]["today"].as_str().unwrap().to_owned();
        assert_eq!(count(&format!("from={today}&to={today}")).await, 2);
        assert_eq!((count("to=2026-01-01").await, count("from=2027-01-01").await), (0, 0));
        // A percent sign is a letter like others; the one who wrote is found, too.
        assert_eq!((count("text=100%25").await, count("text=200%25").await, count("text=REP").await), (2, 0, 2));
        let log = world.get("auditor", "/api/v1/audit-entries?record_type=lead&action=updated").await;
        assert_eq!(log.body["items"][0]["fields"], json!([{"label": "电话", "before": null, "after": "0138"}]));
        let made = world.get("auditor", "/api/v1/audit-entries?record_type=lead&action=created").await;
        let fields = made.body["items"][0]["fields"].as_array().unwrap().clone();
        assert!(fields.contains(&json!({"label": "负责人", "before": null, "after": "陈一"})), "{fields:?}");
        let wrong = world.get("auditor", "/api/v1/audit-entries?from=yesterday").await;
        assert_eq!(wrong.status.as_u16(), 422);
    })
    .await;
}
