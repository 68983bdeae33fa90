//! The desk and the inbox.

use super::*;

/// The desk is one's own, or that of a team one sees; the inbox is one's own.
pub(super) async fn desk_cases(world: &World) -> Vec<Case> {
    let people = [Yes, Yes, Yes, Hidden, Hidden, Hidden, Hidden, Hidden];
    let leads = [Forbidden, Yes, Yes, Yes, Yes, Yes, Yes, Yes];
    let mut cases = vec![
        case("GET", "/desk", "/desk", None, ALL),
        case("GET", "/desk/news", "/desk/news", None, people),
        case("GET", "/desk/waiting", "/desk/waiting", None, ALL),
        case("GET", "/desk/team", "/desk/team", None, leads),
        // Letting go what is not pinned, of whatever kind: it is let go already.
        case("DELETE", "/records/{type}/{id}/pin", &format!("/records/lead/{}/pin", Uuid::nil()), None, ALL),
        case("GET", "/notifications", "/notifications", None, ALL),
        case("GET", "/notifications/count", "/notifications/count", None, ALL),
        case("POST", "/notifications/reading", "/notifications/reading", Some(json!({"read": true})), ALL),
        case("GET", "/notification-settings", "/notification-settings", None, ALL),
        case(
            "PATCH",
            "/notification-settings",
            "/notification-settings",
            Some(json!({"kinds": {"mention": true}})),
            ALL,
        ),
    ];
    for (team, expect) in [
        ("East/One", leads),
        ("East/Two", [Forbidden, Hidden, Yes, Yes, Yes, Yes, Yes, Yes]),
        ("West", [Forbidden, Hidden, Hidden, Yes, Yes, Yes, Yes, Yes]),
    ] {
        let path = format!("/desk/team?team_id={}", world.team(team).await);
        cases.push(case("GET", "/desk/team", &path, None, expect));
    }
    cases
}
