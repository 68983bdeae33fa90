//! What each role may do, from the rules that the server itself asks.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::context::{Permission, Reach, Role};
use crate::error::AppError;
use crate::http::{Asker, Json, Problem};
use crate::state::AppState;

/// The routes of roles.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_roles))
}

/// A name in both languages.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
struct RoleWord {
    zh: &'static str,
    en: &'static str,
}

impl From<(&'static str, &'static str)> for RoleWord {
    fn from((zh, en): (&'static str, &'static str)) -> Self {
        Self { zh, en }
    }
}

/// A role with what it may do.
#[derive(Debug, Serialize, ToSchema)]
struct RoleView {
    role: Role,
    name: RoleWord,
    /// Whose rows it sees.
    rows: RowReach,
    permissions: Vec<Permission>,
}

/// Whose rows a role sees: own, team (the teams led and below) or all.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RowReach {
    Own,
    Team,
    All,
}

/// Something that can be done.
#[derive(Debug, Serialize, ToSchema)]
struct PermissionView {
    permission: Permission,
    name: RoleWord,
    /// True where it comes with a grant of the user, never with a role.
    by_grant: bool,
}

/// Every role and every permission.
#[derive(Debug, Serialize, ToSchema)]
struct RolesView {
    roles: Vec<RoleView>,
    permissions: Vec<PermissionView>,
}

/// List roles
///
/// What each may do and whose rows it sees: the rules that the server asks at every request.
#[utoipa::path(get, path = "/roles", tag = "access",
    responses((status = 200, body = RolesView), (status = 401, body = Problem)))]
async fn list_roles(_asker: Asker) -> Result<Json<RolesView>, AppError> {
    let role = |role: Role| RoleView {
        role,
        name: role.name().into(),
        rows: match role.reach() {
            Reach::Own => RowReach::Own,
            Reach::Subtree => RowReach::Team,
            Reach::All => RowReach::All,
        },
        permissions: role.permissions().to_vec(),
    };
    let permission = |permission: Permission| PermissionView {
        permission,
        name: permission.name().into(),
        by_grant: permission == Permission::ViewPay,
    };
    Ok(Json(RolesView {
        roles: Role::ALL.into_iter().map(role).collect(),
        permissions: Permission::ALL.into_iter().map(permission).collect(),
    }))
}
