//! What the interface needs to know of the asker at the start.

use qiao_engine::dates::PeriodKind;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access;
use crate::context::{Context, Permission, Role};
use crate::error::AppError;
use crate::locale::Locale;
use crate::people::{PersonRef, TeamRef};
use crate::state::AppState;

/// The asker.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The user.
    user_id: Uuid,
    /// The address.
    email: String,
    /// The name.
    name: String,
    /// The role.
    role: Role,
    /// The language of the interface.
    locale: Locale,
    /// True where the password must be changed first.
    password_change_required: bool,
    /// The person behind the user.
    person: Option<PersonRef>,
    /// The person's team today.
    team: Option<TeamRef>,
    /// What the asker may do; `view_pay` stands for the pay grant.
    permissions: Vec<Permission>,
    /// True where the asker may see the pay of others in the row scope.
    pay_grant: bool,
    /// The company.
    company: MyCompany,
    /// The periods that hold today.
    periods: MyPeriods,
}

/// The company as everybody sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyCompany {
    name: String,
    currency: String,
    timezone: String,
    locale: String,
    /// The business date now.
    today: String,
}

/// The periods that hold today.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyPeriods {
    month: String,
    quarter: String,
    year: String,
}

/// The asker of a context.
///
/// # Errors
/// 401 where the context has no user.
pub async fn me(state: &AppState, context: &Context) -> Result<Me, AppError> {
    let user_id = context.user_id.ok_or(AppError::Unauthenticated("not_signed_in"))?;
    let role = context.role.ok_or(AppError::Unauthenticated("not_signed_in"))?;
    let user = access::queries::user(state.store().pool(), user_id).await?.ok_or(AppError::NotFound)?;
    let definitions = state.definitions(context).await?;
    let today = context.today();
    let person = context.person_id.and_then(|id| PersonRef::of(&definitions, id));
    let team = context.person_id.and_then(|id| TeamRef::on(&definitions, id, today));
    let mut permissions = role.permissions().to_vec();
    if context.pay_grant {
        permissions.push(Permission::ViewPay);
    }
    let company = &definitions.company;
    if company.attainment_visible_to_all && !permissions.contains(&Permission::ViewTeam) {
        permissions.push(Permission::ViewTeam);
    }
    let period = |kind| company.calendar.period_of(today, kind).to_string();
    Ok(Me {
        user_id,
        email: user.email,
        name: user.name,
        role,
        locale: context.locale,
        password_change_required: user.password_change_required,
        person,
        team,
        permissions,
        pay_grant: context.pay_grant,
        company: MyCompany {
            name: company.name.clone(),
            currency: company.currency.code().to_owned(),
            timezone: company.timezone.clone(),
            locale: company.locale.clone(),
            today: today.to_string(),
        },
        periods: MyPeriods {
            month: period(PeriodKind::Month),
            quarter: period(PeriodKind::Quarter),
            year: period(PeriodKind::Year),
        },
    })
}
