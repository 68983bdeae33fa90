//! People, teams and users, and who keeps them.

use super::*;

/// Whoever keeps people and teams: operations, HR, administrator.
pub(super) const KEEPERS: [bool; 8] = [false, false, false, true, false, true, false, true];

/// People, teams, users and roles. The people and teams that are changed are made for it: nobody else counts on them.
pub(super) async fn organisation(world: &World, user: &str) -> Vec<Case> {
    let only = |may: [bool; 8], yes: Expect| may.map(|may| if may { yes } else { Forbidden });
    let keepers = only(KEEPERS, Yes);
    let mut cases = vec![case("GET", "/roles", "/roles", None, ALL)];
    for (name, expect) in [
        ("rep", ALL),
        ("mate", [Hidden, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
        ("near", [Hidden, Hidden, Yes, Yes, Yes, Yes, Yes, Yes]),
        ("far", SEES_ALL),
    ] {
        let id = world.person(name).await;
        cases.push(case("GET", "/people/{id}", &format!("/people/{id}"), None, expect));
        cases.push(case("GET", "/people/{id}/memberships", &format!("/people/{id}/memberships"), None, expect));
        cases.push(case("GET", "/people/{id}/open-records", &format!("/people/{id}/open-records"), None, expect));
    }
    for (path, expect) in [
        ("East/One", [Hidden, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
        ("East/Two", [Hidden, Hidden, Yes, Yes, Yes, Yes, Yes, Yes]),
        ("West", SEES_ALL),
    ] {
        let id = world.team(path).await;
        cases.push(case("GET", "/teams/{id}", &format!("/teams/{id}"), None, expect));
    }
    let team = world.made("hr", "/api/v1/teams", json!({"name": "Empty"})).await["id"].as_str().unwrap().to_owned();
    let new = json!({"name": "n", "team_id": team, "start_date": "2026-01-01"});
    let person = world.made("hr", "/api/v1/people", new).await;
    let membership = person["memberships"][0]["id"].as_str().unwrap().to_owned();
    let person = format!("/people/{}", person["id"].as_str().unwrap());
    let tagged = |case: Case| Case { if_match: Some("\"1\""), ..case };
    let own = format!("{person}/memberships/{membership}");
    cases.extend([
        case("POST", "/people", "/people", Some(json!({"name": "n"})), keepers),
        tagged(case("PATCH", "/people/{id}", &person, Some(json!({})), keepers)),
        tagged(case("PATCH", "/people/{id}/memberships/{membership}", &own, Some(json!({})), keepers)),
        // The first who may takes the last day of nobody back, the others find the same.
        tagged(case("DELETE", "/people/{id}/last-day", &format!("{person}/last-day"), None, keepers)),
        case("POST", "/teams", "/teams", Some(json!({"name": ""})), keepers),
        tagged(case("PATCH", "/teams/{id}", &format!("/teams/{team}"), Some(json!({})), keepers)),
        case("POST", "/teams/{id}/restoration", &format!("/teams/{team}/restoration"), None, keepers),
    ]);
    let administrator = [false, false, false, false, false, false, false, true];
    // Of a user who is not there, so that nobody of the table is signed out.
    let gone = Uuid::nil();
    let only_administrator = only(administrator, Hidden);
    cases.push(case("POST", "/users/{id}/password", &format!("/users/{gone}/password"), None, only_administrator));
    cases.push(case("DELETE", "/users/{id}/sessions", &format!("/users/{gone}/sessions"), None, only_administrator));
    cases.push(case(
        "DELETE",
        "/users/{id}/sessions",
        &format!("/users/{user}/sessions"),
        None,
        only(administrator, Yes),
    ));
    // Versions that nobody reads any more: who may is told so, who may not is refused first.
    let stale = |method, template, path: &str, body| Case {
        if_match: Some("\"99\""),
        ..case(method, template, path, body, only(KEEPERS, Stale))
    };
    let last = Some(json!({"last_day": "2026-12-31"}));
    cases.push(stale("PUT", "/people/{id}/last-day", &format!("{person}/last-day"), last));
    cases.push(stale("DELETE", "/people/{id}/memberships/{membership}", &own, None));
    cases.push(stale("DELETE", "/teams/{id}", &format!("/teams/{team}"), None));
    let move_back = Some(json!({"team_id": team, "from": "2025-01-01"}));
    cases.push(case(
        "POST",
        "/people/{id}/memberships",
        &format!("{person}/memberships"),
        move_back,
        only(KEEPERS, Wrong),
    ));
    cases
}
