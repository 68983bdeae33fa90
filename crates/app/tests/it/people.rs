//! People and teams: moves that split a month, the tree, the end of a time here.

use serde_json::{Value, json};

use crate::world::{Answer, World, on_both};

async fn person(world: &World, key: &str) -> Value {
    world.get("hr", &format!("/api/v1/people/{}", world.person(key).await)).await.body
}

/// A change of what belongs to a person, with the version that they have now.
async fn tagged(world: &World, method: &str, key: &str, part: &str, body: Option<Value>) -> Answer {
    let now = person(world, key).await;
    let path = format!("/api/v1/people/{}{part}", now["id"].as_str().unwrap());
    let tag = format!("\"{}\"", now["version"]);
    world.ask_with("hr", method, &path, body, &[("if-match", &tag)]).await
}

async fn move_to(world: &World, key: &str, team: &str, from: &str) -> Answer {
    let path = format!("/api/v1/people/{}/memberships", world.person(key).await);
    world.ask("hr", "POST", &path, Some(json!({"team_id": world.team(team).await, "from": from}))).await
}

async fn value_of(world: &World, team: &str) -> String {
    let path = format!("/api/v1/metrics/won_amount/values?subject=team:{}&period=2026-03", world.team(team).await);
    world.get("finance", &path).await.body["total"]["value"].as_str().unwrap().to_owned()
}

fn code(answer: &Answer) -> (u16, &str) {
    let field = answer.body["errors"][0]["code"].as_str();
    (answer.status.as_u16(), field.or(answer.body["code"].as_str()).unwrap_or_default())
}

#[tokio::test]
async fn a_move_in_mid_month_splits_the_values_of_the_teams_at_its_day() {
    on_both(|world| async move {
        let later = json!({"name": "later", "stage_id": "won", "opened_on": "2026-01-01", "closed_on": "2026-03-18", "amount": {"amount": "50.00"}});
        world.made("rep", "/api/v1/opportunities", later).await;
        assert_eq!((value_of(&world, "East/One").await, value_of(&world, "East/Two").await), ("3050.00".into(), "3000.00".into()));
        let moved = move_to(&world, "rep", "East/Two", "2026-03-16").await;
        assert_eq!(moved.status.as_u16(), 201, "{}", moved.text);
        let rows = moved.body["memberships"].as_array().unwrap();
        assert_eq!((&rows[0]["from"], &rows[0]["to"], &rows[0]["team"]["path"]), (&json!("2026-03-16"), &json!(null), &json!("East/Two")));
        assert_eq!((&rows[1]["to"], &rows[0]["role"]), (&json!("2026-03-15"), &json!("rep")));
        // What was won before stays with the old team; the region, which has both, has what it had.
        assert_eq!((value_of(&world, "East/One").await, value_of(&world, "East/Two").await), ("3000.00".into(), "3050.00".into()));
        assert_eq!(value_of(&world, "East").await, "6050.00");
        // The page of each team shows the part that is its own, and why.
        for (team, value, days) in [("East/One", "1000.00", ["2026-03-01", "2026-03-15"]), ("East/Two", "50.00", ["2026-03-16", "2026-03-31"])] {
            let path = format!("/api/v1/teams/{}/attainment?metric=won_amount&period=2026-03", world.team(team).await);
            let page = world.get("director", &path).await.body;
            let row = page["members"].as_array().unwrap().iter().find(|row| row["person"]["external_id"] == "rep").unwrap().clone();
            assert_eq!((&row["value"]["value"], &row["days"]), (&json!(value), &json!({"from": days[0], "to": days[1]})), "{team}");
            let why = world.get("director", row["value"]["why"].as_str().unwrap()).await.body;
            assert_eq!((&why["figure"]["value"], why["facts_total"].as_u64()), (&json!(value), Some(1)));
            let facts = world.get("director", why["facts_href"].as_str().unwrap()).await.body;
            assert_eq!((facts["items"].as_array().unwrap().len(), &facts["items"][0]["value"]), (1, &json!(value)));
            let sum: f64 = page["members"].as_array().unwrap().iter().map(|row| row["value"]["value"].as_str().unwrap_or("0").parse::<f64>().unwrap()).sum();
            assert_eq!(format!("{sum:.2}"), page["total"]["value"]["value"].as_str().unwrap());
        }
        // Taking it back makes the month whole again.
        let id = rows[0]["id"].as_str().unwrap();
        let back = tagged(&world, "DELETE", "rep", &format!("/memberships/{id}"), None).await;
        assert_eq!((back.status.as_u16(), &back.body["memberships"][0]["to"]), (200, &json!(null)), "{}", back.text);
        assert_eq!(value_of(&world, "East/One").await, "3050.00");
        let log = world.get("auditor", "/api/v1/audit-entries?record_type=person&action=moved").await;
        assert_eq!((&log.body["items"][0]["before"]["team"], &log.body["items"][0]["after"]["team"]), (&json!("East/One"), &json!("East/Two")));
    })
    .await;
}

#[tokio::test]
async fn a_move_that_does_not_fit_is_refused_and_changes_nothing() {
    on_both(|world| async move {
        assert_eq!(code(&move_to(&world, "rep", "East/One", "2026-03-16").await), (422, "already_in_team"));
        assert_eq!(move_to(&world, "rep", "East/Two", "2026-03-16").await.status.as_u16(), 201);
        for day in ["2026-03-16", "2026-03-10"] {
            assert_eq!(code(&move_to(&world, "rep", "West", day).await), (422, "overlapping"));
        }
        assert_eq!(code(&move_to(&world, "rep", "West", "31.3.2026").await), (422, "not_date"));
        let rows = person(&world, "rep").await["memberships"].clone();
        assert_eq!(rows.as_array().unwrap().len(), 2);
        let (newest, first) = (rows[0]["id"].as_str().unwrap(), rows[1]["id"].as_str().unwrap());
        let path = |id: &str| format!("/memberships/{id}");
        // The day of a move is corrected on both sides.
        let changed = tagged(&world, "PATCH", "rep", &path(newest), Some(json!({"from": "2026-03-20"}))).await;
        assert_eq!(
            (&changed.body["memberships"][0]["from"], &changed.body["memberships"][1]["to"]),
            (&json!("2026-03-20"), &json!("2026-03-19")),
            "{}",
            changed.text
        );
        let before = tagged(&world, "PATCH", "rep", &path(newest), Some(json!({"from": "1970-01-01"}))).await;
        assert_eq!(code(&before), (422, "overlapping"));
        let after = tagged(&world, "PATCH", "rep", &path(first), Some(json!({"from": "2026-05-01"}))).await;
        assert_eq!(code(&after), (422, "after_day"));
        assert_eq!(code(&tagged(&world, "DELETE", "rep", &path(first), None).await), (409, "first_membership"));
        let stale = world
            .ask_with(
                "hr",
                "DELETE",
                &format!("/api/v1/people/{}/memberships/{newest}", world.person("rep").await),
                None,
                &[("if-match", "\"1\"")],
            )
            .await;
        assert_eq!(stale.status.as_u16(), 412);
    })
    .await;
}

#[tokio::test]
async fn a_repeated_move_is_done_once() {
    on_both(|world| async move {
        let path = format!("/api/v1/people/{}/memberships", world.person("rep").await);
        let body = json!({"team_id": world.team("West").await, "from": "2026-03-16"});
        let key = [("idempotency-key", "move")];
        let first = world.ask_with("hr", "POST", &path, Some(body.clone()), &key).await;
        let again = world.ask_with("hr", "POST", &path, Some(body), &key).await;
        assert_eq!((again.status.as_u16(), &again.text), (201, &first.text));
        assert_eq!(person(&world, "rep").await["memberships"].as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_person_is_made_changed_ended_and_brought_back() {
    on_both(|world| async move {
        let team = world.team("East/One").await;
        let new = json!({"name": "孙八", "email": "Sun@Example.com", "external_id": "S8", "team_id": team, "start_date": "2026-03-02", "phone": "0138"});
        let made = world.made("hr", "/api/v1/people", new.clone()).await;
        assert_eq!((&made["email"], &made["phone"], &made["memberships"][0]["from"]), (&json!("sun@example.com"), &json!("0138"), &json!("2026-03-02")));
        for (body, expected) in [
            (new, "already_used"),
            (json!({"name": ""}), "required"),
            (json!({"name": "x", "email": "nothing"}), "not_email"),
            (json!({"name": "x", "team_id": "00000000-0000-0000-0000-000000000000"}), "unknown_reference"),
            (json!({"name": "x".repeat(300)}), "too_long"),
        ] {
            let wrong = world.ask("hr", "POST", "/api/v1/people", Some(body)).await;
            assert_eq!(code(&wrong), (422, expected), "{}", wrong.text);
        }
        let renamed = tagged(&world, "PATCH", "S8", "", Some(json!({"name": "孙九", "phone": null}))).await;
        assert_eq!((&renamed.body["name"], &renamed.body["phone"], &renamed.body["version"]), (&json!("孙九"), &json!(null), &json!(2)));

        let id = made["id"].as_str().unwrap();
        let deal = json!({"name": "open", "owner_id": id, "opened_on": "2026-03-05", "amount": {"amount": "1.00"}});
        world.made("operations", "/api/v1/opportunities", deal).await;
        let open = world.get("hr", &format!("/api/v1/people/{id}/open-records")).await.body;
        assert_eq!((&open["opportunities"], &open["leads"], &open["can_sign_in"]), (&json!(1), &json!(0), &json!(false)));
        let last = |day: &str| Some(json!({"last_day": day}));
        assert_eq!(code(&tagged(&world, "PUT", "S8", "/last-day", last("2026-03-01")).await), (422, "before"));
        let ended = tagged(&world, "PUT", "S8", "/last-day", last("2026-03-10")).await;
        assert_eq!((&ended.body["end_date"], &ended.body["memberships"][0]["to"], &ended.body["active"]), (&json!("2026-03-10"), &json!("2026-03-10"), &json!(false)), "{}", ended.text);
        let count = async |query: &str| world.get("hr", &format!("/api/v1/people?{query}")).await.body["items"].as_array().unwrap().len();
        assert_eq!((count("q=%E5%AD%99&active=true").await, count("q=%E5%AD%99&active=false").await), (0, 1));
        assert_eq!(code(&move_to(&world, "S8", "West", "2026-03-20").await), (422, "after_day"));
        let back = tagged(&world, "DELETE", "S8", "/last-day", None).await;
        assert_eq!((&back.body["end_date"], &back.body["memberships"][0]["to"], &back.body["active"]), (&json!(null), &json!(null), &json!(true)));
        assert_eq!(count(&format!("team_id={team}&active=true")).await, 5);
        // A file that says nothing new still finds everything as it is.
        let file = "person,name,email,team,role\nS8,孙九,sun@example.com,East/One,rep\n";
        assert_eq!(world.import(qiao_app::imports::Kind::People, file).await.unchanged, 1);
    })
    .await;
}

#[tokio::test]
async fn the_tree_grows_moves_and_is_put_away() {
    on_both(|world| async move {
        let (east, one, west) = (world.team("East").await, world.team("East/One").await, world.team("West").await);
        let made = world.made("hr", "/api/v1/teams", json!({"name": "Four", "code": "E4", "parent_id": east})).await;
        assert_eq!((&made["path"], &made["code"]), (&json!("East/Four"), &json!("E4")));
        let path = |id: &dyn std::fmt::Display| format!("/api/v1/teams/{id}");
        for (body, expected) in [
            (json!({"name": "Four", "parent_id": east}), "already_used"),
            (json!({"name": "Five", "code": "E4"}), "already_used"),
            (json!({"name": "A/B"}), "not_in_name"),
            (json!({"name": "Five", "parent_id": world.person("rep").await}), "unknown_reference"),
        ] {
            assert_eq!(code(&world.ask("hr", "POST", "/api/v1/teams", Some(body)).await), (422, expected));
        }
        let circle = world.patch("hr", &path(&east), 1, json!({"parent_id": one})).await;
        assert_eq!(code(&circle), (422, "circle"));
        let itself = world.patch("hr", &path(&east), 1, json!({"parent_id": east})).await;
        assert_eq!(code(&itself), (422, "circle"));
        let full = world.ask_with("hr", "DELETE", &path(&one), None, &[("if-match", "\"1\"")]).await;
        assert_eq!(code(&full), (409, "team_not_empty"));
        assert!(full.body["detail"].as_str().unwrap().contains("4 名成员、0 个下级团队"), "{}", full.text);
        // A team takes what is below it along.
        assert_eq!(value_of(&world, "West").await, "4000.00");
        let moved = world.patch("hr", &path(&one), 1, json!({"parent_id": west})).await;
        assert_eq!(moved.body["path"], "West/One");
        assert_eq!(value_of(&world, "West").await, "7000.00");
        let four = made["id"].as_str().unwrap();
        let away = world.ask_with("hr", "DELETE", &path(&four), None, &[("if-match", "\"1\"")]).await;
        assert_eq!((away.status.as_u16(), &away.body["archived"]), (200, &json!(true)), "{}", away.text);
        let names = async || world.get("hr", "/api/v1/teams").await.text.contains("East/Four");
        assert!(!names().await);
        assert_eq!(code(&world.patch("hr", &path(&four), 2, json!({"name": "x"})).await), (409, "archived"));
        let back = world.ask("hr", "POST", &format!("{}/restoration", path(&four)), None).await;
        assert_eq!((back.status.as_u16(), &back.body["archived"]), (200, &json!(false)), "{}", back.text);
        assert!(names().await);
    })
    .await;
}

#[tokio::test]
async fn who_leads_a_team_sees_it_from_that_day_and_who_led_it_no_longer() {
    on_both(|world| async move {
        let team = world.team("East/One").await;
        let page = format!("/api/v1/teams/{team}/attainment?period=2026-03&metric=won_amount");
        assert_eq!(world.get("manager", &page).await.status.as_u16(), 200);
        let now = world.get("hr", &format!("/api/v1/teams/{team}")).await;
        let rep = world.person("mate").await;
        let version = now.body["version"].as_i64().unwrap();
        let led = world.patch("hr", &format!("/api/v1/teams/{team}"), version, json!({"manager_id": rep})).await;
        assert_eq!(led.body["manager_id"], json!(rep), "{}", led.text);
        assert_eq!(world.get("manager", &page).await.status.as_u16(), 404);
        let before = person(&world, "manager").await;
        assert_eq!(
            (&before["memberships"][0]["role"], &before["memberships"][1]["role"]),
            (&json!("rep"), &json!("manager"))
        );
        let listed = world.get("hr", "/api/v1/teams").await.body;
        let one = listed["items"].as_array().unwrap().iter().find(|item| item["path"] == "East/One").unwrap().clone();
        assert_eq!(
            (one["managers"][0]["id"].as_str(), one["people"].as_u64()),
            (Some(rep.to_string().as_str()), Some(4))
        );
    })
    .await;
}
