//! Lists: their order, what they are narrowed by, whose rows they show; putting records away and bringing them back.

use qiao_app::imports::Kind;
use qiao_testkit::BACKENDS;
use serde_json::{Value, json};

use crate::world::{World, on_both};

/// The names of a list's rows, read page by page, two at a time.
async fn all(world: &World, who: &str, query: &str) -> Vec<String> {
    let (mut names, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = world.get(who, &format!("/api/v1/{query}&limit=2{cursor}")).await;
        assert!(answer.status.is_success(), "{query}: {}", answer.text);
        let items = answer.body["items"].as_array().unwrap();
        names.extend(items.iter().map(|item| item["name"].as_str().unwrap().to_owned()));
        match answer.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return names,
        }
        assert!(names.len() < 100, "{query} does not end: {names:?}");
    }
}

const MORE: &str = "opportunity,name,account,owner,stage,amount,opened_on,expected_close_on,splits\n\
    E1,无金额,华为技术,rep,proposal,,2026-02-01,,\n\
    E2,小单,华为技术,rep,proposal,10.00,2026-02-01,2026-04-02,\n\
    E3,大单,腾讯,mate,proposal,9000.00,2026-02-01,2026-04-01,\n\
    E4,也无金额,腾讯,mate,proposal,,2026-02-01,2026-04-01,\n\
    E5,共享单,百度,far,proposal,500.00,2026-02-01,,far|owner|0.5;rep|owner|0.5\n";

async fn world_with_more(backend: qiao_testkit::Backend) -> World {
    let world = World::new(backend).await;
    let accounts = "account,name,owner\nH,华为技术,rep\nT,腾讯 100%_控股,mate\nB,百度,far\n";
    assert_eq!(world.import(Kind::Accounts, accounts).await.created, 3);
    let deals = MORE.replace("华为技术", "H").replace("腾讯", "T").replace("百度", "B");
    let outcome = world.import(Kind::Opportunities, &deals).await;
    assert_eq!(outcome.created, 5, "{:?}", outcome.rejected);
    world
}

#[tokio::test]
async fn what_is_written_while_the_index_is_made_anew_is_found() {
    for backend in BACKENDS {
        let world = world_with_more(backend).await;
        let named =
            async |text: &str| all(&world, "operations", &format!("opportunities?text={text}&sort=created_at")).await;
        assert_eq!(named("大单").await, vec!["大单"]);
        let id =
            world.get("operations", "/api/v1/opportunities?limit=2&sort=-amount").await.body["items"][0]["id"].clone();
        let renewed = tokio::spawn(world.state.search().clone().renew(world.state.store().clone()));
        let path = format!("/api/v1/opportunities/{}", id.as_str().unwrap());
        assert_eq!(world.patch("operations", &path, 1, json!({"name": "特大单"})).await.status.as_u16(), 200);
        assert_eq!(named("大单").await, vec!["特大单"]);
        renewed.await.unwrap();
        assert_eq!(named("大单").await, vec!["特大单"], "after it, too");
        assert_eq!(named("单").await.len(), 3, "and all that was there before");
    }
}

#[tokio::test]
async fn rows_without_a_value_come_last_in_both_directions_and_pages_fit_together() {
    for backend in BACKENDS {
        let world = world_with_more(backend).await;
        let open = "opportunities?status=open";
        for (who, sort, expected) in [
            ("operations", "-amount", vec!["大单", "共享单", "小单", "也无金额", "无金额"]),
            ("operations", "amount", vec!["小单", "共享单", "大单", "无金额", "也无金额"]),
            ("operations", "expected_close_on", vec!["大单", "也无金额", "小单", "无金额", "共享单"]),
            ("operations", "-expected_close_on", vec!["小单", "也无金额", "大单", "共享单", "无金额"]),
            ("rep", "-amount", vec!["共享单", "小单", "无金额"]),
            ("rep", "amount", vec!["小单", "共享单", "无金额"]),
            ("manager", "-amount", vec!["大单", "共享单", "小单", "也无金额", "无金额"]),
            ("manager", "created_at", vec!["无金额", "小单", "大单", "也无金额", "共享单"]),
            ("manager", "-created_at", vec!["共享单", "也无金额", "大单", "小单", "无金额"]),
            ("director", "-amount", vec!["大单", "共享单", "小单", "也无金额", "无金额"]),
        ] {
            assert_eq!(all(&world, who, &format!("{open}&sort={sort}")).await, expected, "{who} {sort}");
        }
    }
}

#[tokio::test]
async fn lists_are_narrowed_by_team_text_amount_and_days_within_the_scope() {
    for backend in BACKENDS {
        let world = world_with_more(backend).await;
        let (one, west) = (world.team("East/One").await, world.team("West").await);
        let sorted = "&sort=-amount";
        for (who, query, expected) in [
            (
                "operations",
                format!("opportunities?status=open&team_id={one}{sorted}"),
                vec!["大单", "小单", "也无金额", "无金额"],
            ),
            ("operations", format!("opportunities?status=open&team_id={west}{sorted}"), vec!["共享单"]),
            (
                "manager",
                format!("opportunities?status=open&team_id={one}{sorted}"),
                vec!["大单", "小单", "也无金额", "无金额"],
            ),
            ("operations", format!("opportunities?text=华为{sorted}"), vec!["小单", "无金额"]),
            ("operations", format!("opportunities?text=大{sorted}"), vec!["大单"]),
            ("operations", format!("opportunities?text=100%25_控{sorted}"), vec!["大单", "也无金额"]),
            ("operations", format!("opportunities?text=%25{sorted}"), vec!["大单", "也无金额"]),
            ("rep", format!("opportunities?text=腾讯{sorted}"), vec![]),
            (
                "operations",
                format!("opportunities?status=open&amount_from=10.00&amount_to=500{sorted}"),
                vec!["共享单", "小单"],
            ),
            (
                "operations",
                format!("opportunities?expected_close_from=2026-04-01&expected_close_to=2026-04-01{sorted}"),
                vec!["大单", "也无金额"],
            ),
            (
                "operations",
                format!("opportunities?closed_from=2026-03-06&closed_to=2026-03-07{sorted}"),
                vec!["丙公司一期", "乙公司一期"],
            ),
            ("operations", "accounts?sort=name".to_owned(), vec!["华为技术", "百度", "腾讯 100%_控股"]),
            ("operations", "accounts?text=百度".to_owned(), vec!["百度"]),
        ] {
            assert_eq!(all(&world, who, &query).await, expected, "{who} {query}");
        }
        // A team that is not one's own to see, a wrong amount, a wrong sort, a cursor of another list.
        for (who, query, pointer) in [
            ("manager", format!("opportunities?team_id={west}"), "/team_id"),
            ("rep", format!("opportunities?team_id={one}"), "/team_id"),
            ("operations", "opportunities?amount_from=10.001".to_owned(), "/amount_from"),
            ("operations", "opportunities?sort=colour".to_owned(), "/sort"),
            ("operations", "opportunities?sort=-amount&cursor=zz".to_owned(), "/cursor"),
            ("operations", "opportunities?expected_close_from=20026-01-01".to_owned(), "/expected_close_from"),
        ] {
            let answer = world.get(who, &format!("/api/v1/{query}")).await;
            assert_eq!(answer.status.as_u16(), 422, "{query}: {}", answer.text);
            assert_eq!(answer.body["errors"][0]["pointer"], pointer, "{query}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_list_names_the_customers_and_people_of_its_rows() {
    for backend in BACKENDS {
        let world = world_with_more(backend).await;
        let answer = world.get("rep", "/api/v1/opportunities?status=open&sort=-amount").await;
        let (names, shared) = (&answer.body["names"], &answer.body["items"][0]);
        assert_eq!(names[shared["account_id"].as_str().unwrap()], "百度", "{}", answer.text);
        assert_eq!(names[shared["owner_id"].as_str().unwrap()], "赵四", "{}", answer.text);
    }
}

#[tokio::test]
async fn what_is_put_away_leaves_the_list_keeps_its_page_and_comes_back() {
    on_both(|world| async move {
        let body = json!({"name": "甲公司二期", "amount": {"amount": "5.00"}});
        let made = world.made("rep", "/api/v1/opportunities", body).await;
        let path = format!("/api/v1/opportunities/{}", made["id"].as_str().unwrap());
        let tag = |version: i64| format!("\"{version}\"");
        let delete =
            async |version: i64| world.ask_with("rep", "DELETE", &path, None, &[("if-match", &tag(version))]).await;
        assert_eq!(world.ask("rep", "DELETE", &path, None).await.status.as_u16(), 428);
        assert_eq!(delete(7).await.status.as_u16(), 412);
        let gone = delete(1).await;
        assert_eq!(
            (gone.status.as_u16(), &gone.body["archived"], &gone.body["version"]),
            (200, &json!(true), &json!(2))
        );
        let listed = async |query: &str| all(&world, "rep", &format!("opportunities?{query}")).await;
        assert_eq!(listed("sort=created_at").await, ["甲公司一期"]);
        assert_eq!(listed("archived=true").await, ["甲公司二期"]);
        assert_eq!(world.get("rep", &path).await.body["archived"], json!(true));
        let edit = world.patch("rep", &path, 2, json!({"name": "x"})).await;
        assert_eq!((edit.status.as_u16(), &edit.body["code"]), (409, &json!("archived")));
        // An editor that was open meanwhile holds the version of before.
        assert_eq!(world.patch("rep", &path, 1, json!({"name": "x"})).await.status.as_u16(), 412);
        for _ in 0..2 {
            let back = world.ask("rep", "POST", &format!("{path}/restoration"), None).await;
            assert_eq!(
                (back.status.as_u16(), &back.body["archived"], &back.body["version"]),
                (200, &json!(false), &json!(3))
            );
        }
        assert_eq!(listed("sort=created_at").await, ["甲公司一期", "甲公司二期"]);
        let log = world.get("auditor", "/api/v1/audit-entries?limit=2").await;
        let actions: Vec<&Value> = log.body["items"].as_array().unwrap().iter().map(|row| &row["action"]).collect();
        assert_eq!(actions, [&json!("restored"), &json!("archived")], "{}", log.text);
    })
    .await;
}
