//! What is told of people, teams, metrics, plans and pay.

use super::*;

pub(super) async fn cases(world: &World) -> Vec<Case> {
    let (rep, mate, near, far) =
        (world.person("rep").await, world.person("mate").await, world.person("near").await, world.person("far").await);
    let (one, two, east, west) = (
        world.team("East/One").await,
        world.team("East/Two").await,
        world.team("East").await,
        world.team("West").await,
    );
    let plans = world.get("operations", "/api/v1/plans").await;
    let plan = plans.body["items"][0]["id"].as_str().unwrap().to_owned();
    let users = world.get("administrator", "/api/v1/users?limit=200").await;
    let user = users.body["items"][0]["id"].as_str().unwrap().to_owned();
    let mut cases = vec![
        case("GET", "/me", "/me", None, ALL),
        case("PATCH", "/me", "/me", Some(json!({"locale": "zh-CN"})), ALL),
        case("GET", "/people", "/people", None, ALL),
        case("GET", "/teams", "/teams", None, [Empty, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
        case("GET", "/tokens", "/tokens", None, ALL),
        case("POST", "/tokens", "/tokens", Some(json!({"name": "t"})), ALL),
        case("DELETE", "/tokens/{id}", &format!("/tokens/{plan}"), None, [Hidden; 8]),
        case("GET", "/pace", "/pace?period=2026-03", None, ALL),
        case("GET", "/pace/explanation", "/pace/explanation?period=2026-03", None, ALL),
        case("GET", "/metrics", "/metrics", None, ALL),
        case("GET", "/metrics/{code}", "/metrics/won_amount", None, ALL),
        case("GET", "/metrics/{code}", "/metrics/nothing", None, [Hidden; 8]),
        case("GET", "/plans", "/plans", None, ALL),
        case("GET", "/plans/{id}", &format!("/plans/{plan}"), None, ALL),
        case("GET", "/plans/{id}/people", &format!("/plans/{plan}/people"), None, ALL),
        case("GET", "/plans/{id}/curves", &format!("/plans/{plan}/curves"), None, ALL),
        case(
            "GET",
            "/estimates",
            "/estimates?period=2026-03",
            None,
            [Yes, Empty, Empty, Empty, Empty, Empty, Empty, Empty],
        ),
        case("GET", "/users", "/users", None, [Empty, Empty, Empty, Empty, Empty, Empty, Empty, Yes]),
        case(
            "GET",
            "/users/{id}",
            &format!("/users/{user}"),
            None,
            [Hidden, Hidden, Hidden, Hidden, Hidden, Hidden, Hidden, Yes],
        ),
    ];
    let only_operations = [Forbidden, Forbidden, Forbidden, Yes, Forbidden, Forbidden, Forbidden, Forbidden];
    let source = "id: q\nname: Q\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\nwho: {people: [rep]}\ncomponents:\n  - id: c\n    name: C\n    basis: sale_recorded\n    rate: {flat: 1%}\n";
    cases.push(case("POST", "/plans", "/plans", Some(json!({"source": source})), only_operations));
    let only_administrator = [Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Yes];
    let new = json!({"email": "made@example.com", "name": "m", "role": "rep"});
    cases.push(case("POST", "/users", "/users", Some(new), only_administrator));
    cases.extend(organisation(world, &user).await);
    // Own, own team, another team of the region, another region.
    let by_person = [
        (rep, [Yes, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
        (mate, [Hidden, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
        (near, [Hidden, Hidden, Yes, Yes, Yes, Yes, Yes, Yes]),
        (far, SEES_ALL),
    ];
    for (person, expect) in by_person {
        for part in ["values", "facts", "explanation"] {
            let template: &'static str = match part {
                "values" => "/metrics/{code}/values",
                "facts" => "/metrics/{code}/facts",
                _ => "/metrics/{code}/explanation",
            };
            let path = format!("/metrics/won_amount/{part}?subject=person:{person}&period=2026-03");
            cases.push(case("GET", template, &path, None, expect));
        }
        // Nobody here holds the pay grant: one's own pay only, 403 in scope, 404 out of it.
        let pay = expect.map(|e| if e == Yes { Forbidden } else { e });
        let pay = if person == rep { [Yes, pay[1], pay[2], pay[3], pay[4], pay[5], pay[6], pay[7]] } else { pay };
        cases.push(case(
            "GET",
            "/people/{id}/estimate",
            &format!("/people/{person}/estimate?period=2026-03"),
            None,
            pay,
        ));
        let path = format!("/people/{person}/estimate/explanation?period=2026-03");
        cases.push(case("GET", "/people/{id}/estimate/explanation", &path, None, pay));
        let path = format!("/people/{person}/estimate/lines?period=2026-03");
        cases.push(case("GET", "/people/{id}/estimate/lines", &path, None, pay));
        // Whose target a curve is drawn by.
        let path = format!("/plans/{plan}/curves?person={person}");
        cases.push(case("GET", "/plans/{id}/curves", &path, None, expect));
    }
    for (team, expect) in [
        (one, [Hidden, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
        (two, [Hidden, Hidden, Yes, Yes, Yes, Yes, Yes, Yes]),
        (east, [Hidden, Hidden, Yes, Yes, Yes, Yes, Yes, Yes]),
        (west, SEES_ALL),
    ] {
        let path = format!("/teams/{team}/attainment?metric=won_amount&period=2026-03");
        cases.push(case("GET", "/teams/{id}/attainment", &path, None, expect));
        let path = format!("/metrics/won_amount/values?subject=team:{team}&period=2026-03");
        cases.push(case("GET", "/metrics/{code}/values", &path, None, expect));
    }
    let path = "/metrics/won_amount/values?subject=company&period=2026-03";
    cases.push(case("GET", "/metrics/{code}/values", path, None, SEES_ALL));
    for (person, expect) in by_person {
        let facts = world
            .get("finance", &format!("/api/v1/metrics/won_amount/facts?subject=person:{person}&period=2026-03"))
            .await;
        let deal = facts.body["items"][0]["record"]["id"].as_str().unwrap().to_owned();
        let path = format!("/records/opportunity/{deal}");
        cases.push(case("GET", "/records/{type}/{id}", &path, None, expect));
    }
    cases
}
