//! How far a role, a grant and an open company let somebody see.

use super::*;

#[tokio::test]
async fn the_pay_grant_reaches_as_far_as_the_row_scope() {
    for backend in BACKENDS {
        let world = World::new(backend).await;
        for (person, status) in [("rep", 200), ("mate", 200), ("near", 404), ("far", 404)] {
            let id = world.person(person).await;
            let answer = world.get("paid", &format!("/api/v1/people/{id}/estimate?period=2026-03")).await;
            assert_eq!(answer.status.as_u16(), status, "{person}");
        }
        let listed = world.get("paid", "/api/v1/estimates?period=2026-03").await;
        let names: Vec<&str> = listed.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|i| i["person"]["external_id"].as_str())
            .collect();
        assert_eq!(names, ["mate", "rep"]);
        // Beside attainment, too: the manager with the grant sees the estimates, the one without does not.
        let one = world.team("East/One").await;
        let path = format!("/api/v1/teams/{one}/attainment?metric=won_amount&period=2026-03");
        for (who, sees) in [("paid", true), ("manager", false)] {
            let team = world.get(who, &path).await;
            let members = team.body["members"].as_array().unwrap();
            assert!(!members.is_empty());
            let shown = members.iter().any(|m| m["person"]["external_id"] == "rep" && !m["estimate"].is_null());
            assert_eq!(shown, sees, "{who}");
        }
    }
}

#[tokio::test]
async fn lists_hold_only_what_the_role_sees() {
    for backend in BACKENDS {
        let world = World::new(backend).await;
        for (who, people, teams) in [("rep", 1, 0), ("manager", 4, 1), ("director", 6, 3), ("finance", 7, 5)] {
            let listed = world.get(who, "/api/v1/people").await;
            assert_eq!(listed.body["items"].as_array().unwrap().len(), people, "{who}");
            let listed = world.get(who, "/api/v1/teams").await;
            assert_eq!(listed.body["items"].as_array().unwrap().len(), teams, "{who} {}", listed.text);
        }
    }
}

/// Where the company opened attainment, everybody sees everybody's; pay, facts, records and lists stay as they were.
#[tokio::test]
async fn attainment_is_open_to_everybody_where_the_company_says_so_and_nothing_else_is() {
    for backend in BACKENDS {
        let world = World::new(backend).await;
        let far = world.person("far").await;
        let teams = [world.team("East/One").await, world.team("East").await, world.team("West").await];
        let attainment = |team: Uuid| format!("/api/v1/teams/{team}/attainment?metric=won_amount&period=2026-03");
        let why = |of: &str| format!("/api/v1/metrics/won_amount/explanation?subject=person:{far}&period=2026-03{of}");
        let closed = world.patch("administrator", "/api/v1/company", 1, json!({"attainment_visible_to": "all"})).await;
        assert_eq!(closed.body["errors"][0]["code"], "not_a_choice");
        for team in teams {
            assert_eq!(world.get("rep", &attainment(team)).await.status.as_u16(), 404);
        }
        let opened =
            world.patch("administrator", "/api/v1/company", 1, json!({"attainment_visible_to": "company"})).await;
        assert_eq!(opened.body["attainment_visible_to"], "company", "{}", opened.text);
        for who in ["rep", "manager", "director", "paid"] {
            let me = world.get(who, "/api/v1/me").await;
            assert!(me.body["permissions"].as_array().unwrap().contains(&json!("view_team")), "{who}");
            let listed = world.get(who, "/api/v1/teams").await;
            assert_eq!(listed.body["items"].as_array().unwrap().len(), 5, "{who}");
            for team in teams {
                assert_eq!(world.get(who, &attainment(team)).await.status.as_u16(), 200, "{who}");
            }
            let west = world.get(who, &attainment(world.team("West/Three").await)).await;
            let member = &west.body["members"][0];
            assert_eq!((&member["value"]["value"], &member["in_scope"]), (&json!("4000.00"), &json!(false)), "{who}");
            // Also the grant to see pay reaches no farther than the rows.
            assert!(member["estimate"].is_null(), "{who} {}", west.text);
            let explained = world.get(who, &why("")).await;
            assert_eq!(explained.body["figure"]["value"], "4000.00");
            assert!(
                explained.body["facts"].as_array().unwrap().is_empty()
                    && explained.body["records"].as_array().unwrap().is_empty()
            );
            assert!(explained.body["facts_href"].is_null());
            for path in [
                format!("/api/v1/metrics/won_amount/facts?subject=person:{far}&period=2026-03"),
                format!("/api/v1/metrics/won_amount/values?subject=person:{far}&period=2026-03&by=region"),
                format!("/api/v1/people/{far}/estimate?period=2026-03"),
                format!("/api/v1/people/{far}"),
            ] {
                assert_eq!(world.get(who, &path).await.status.as_u16(), 404, "{who} {path}");
            }
        }
        let people = world.get("rep", "/api/v1/people").await;
        assert_eq!(people.body["items"].as_array().unwrap().len(), 1);
        let log = world.get("auditor", "/api/v1/audit-entries?record_type=company&action=updated").await;
        assert_eq!(log.body["items"][0]["after"]["attainment_visible_to_all"], "true");
    }
}
