//! From a file to a figure and its reason, exactly.

use qiao_app::imports::Kind;
use serde_json::Value;

use crate::world::{World, on_both};

async fn won(world: &World, who: &str, subject: &str) -> Value {
    let path = format!("/api/v1/metrics/won_amount/values?subject={subject}&period=2026-03");
    world.get(who, &path).await.body["total"]["value"].clone()
}

#[tokio::test]
async fn values_add_up_over_the_team_tree() {
    on_both(|world| async move {
        let team = async |path: &str| format!("team:{}", world.team(path).await);
        assert_eq!(won(&world, "finance", &team("East/One").await).await, "3000.00");
        assert_eq!(won(&world, "finance", &team("East").await).await, "6000.00");
        assert_eq!(won(&world, "finance", "company").await, "10000.00");
        let by =
            world.get("finance", "/api/v1/metrics/won_amount/values?subject=company&period=2026-Q1&by=month").await;
        let months: Vec<&str> =
            by.body["groups"].as_array().unwrap().iter().filter_map(|g| g["figure"]["value"].as_str()).collect();
        assert_eq!(months, ["0.00", "0.00", "10000.00"]);
    })
    .await;
}

#[tokio::test]
async fn an_estimate_explains_itself() {
    on_both(|world| async move {
        let estimate = world.get("rep", "/api/v1/people/me/estimate?period=2026-03").await.body;
        assert_eq!(estimate["total"]["value"], "50.00", "{estimate}");
        let line = &estimate["lines"][0];
        assert_eq!((line["amount"]["amount"].as_str(), line["rates"][0].as_str()), (Some("50.00"), Some("0.05")));
        let why = world.get("rep", line["why"].as_str().unwrap()).await.body;
        assert_eq!(why["figure"]["value"], "50.00");
        assert_eq!(why["rule"]["version"], 1);
        let steps: Vec<&str> =
            why["arithmetic"].as_array().unwrap().iter().filter_map(|s| s["expression"].as_str()).collect();
        assert_eq!(steps, ["1000.00 × 100 %", "1000.00 × 5 %", ""]);
        assert_eq!(why["facts"][0]["kind"], "opportunity_won");
        let record = format!("/api/v1/records/opportunity/{}", why["records"][0]["id"].as_str().unwrap());
        assert_eq!(world.get("rep", &record).await.body["title"], "甲公司一期");
        let total = world.get("rep", estimate["total"]["why"].as_str().unwrap()).await.body;
        assert_eq!(total["figure"]["value"], "50.00");
    })
    .await;
}

#[tokio::test]
async fn a_correction_takes_the_old_fact_back() {
    on_both(|world| async move {
        let changed =
            world.import(Kind::Opportunities, "opportunity,stage,amount,closed_on\nD1,won,1500.00,2026-03-05\n").await;
        assert_eq!((changed.updated, changed.rejected.len()), (1, 0));
        let estimate = world.get("rep", "/api/v1/people/me/estimate?period=2026-03").await.body;
        let amounts: Vec<&str> =
            estimate["lines"].as_array().unwrap().iter().filter_map(|l| l["amount"]["amount"].as_str()).collect();
        assert_eq!(amounts, ["50.00", "-50.00", "75.00"]);
        assert_eq!(estimate["total"]["value"], "75.00");
        let deals = world.get("rep", "/api/v1/metrics/won_deals/values?period=2026-03").await.body;
        assert_eq!(deals["total"]["value"], "1");
        // Reopened: nothing is left of it.
        world.import(Kind::Opportunities, "opportunity,stage\nD1,proposal\n").await;
        assert_eq!(won(&world, "rep", &format!("person:{}", world.person("rep").await)).await, "0.00");
        let report = qiao_store::check::check(&world.db.store).await.unwrap();
        assert_eq!(report.broken, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn another_node_sees_what_was_written() {
    on_both(|world| async move {
        let other = world.db.open_again().await;
        let follower = qiao_store::books::Follower::start(other).await.unwrap();
        let before = follower.snapshot().await.unwrap().books.len();
        world
            .import(
                Kind::Opportunities,
                "opportunity,name,owner,stage,amount,closed_on\nD9,新,rep,won,10.00,2026-03-09\n",
            )
            .await;
        assert_eq!(follower.snapshot().await.unwrap().books.len(), before + 2);
    })
    .await;
}
