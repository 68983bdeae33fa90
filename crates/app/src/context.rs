//! Who asks, what they may do, whose rows they see, in which language, at which moment.

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use qiao_store::books::View;
use qiao_store::scope::RowScope;
use qiao_store::{Actor, IdempotencyKey, WriteContext};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::AppError;
use crate::locale::Locale;

/// A role of the product. What a role may do stands in [`Role::permissions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 销售: own customers, own pay.
    Rep,
    /// 主管: a team.
    Manager,
    /// 总监: several teams.
    Director,
    /// 销售运营: metrics, targets, plans.
    Operations,
    /// 财务: money that came in.
    Finance,
    /// HR: people.
    Hr,
    /// 质量官: reads everything, changes nothing.
    Auditor,
    /// 管理员: users and settings.
    Administrator,
}

impl Role {
    /// Every role, in the order in which they are listed.
    pub const ALL: [Role; 8] = [
        Role::Rep,
        Role::Manager,
        Role::Director,
        Role::Operations,
        Role::Finance,
        Role::Hr,
        Role::Auditor,
        Role::Administrator,
    ];

    /// The word in the database and in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rep => "rep",
            Self::Manager => "manager",
            Self::Director => "director",
            Self::Operations => "operations",
            Self::Finance => "finance",
            Self::Hr => "hr",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// The role of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// What people call the role, in Chinese and English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Rep => ("销售", "Sales rep"),
            Self::Manager => ("主管", "Manager"),
            Self::Director => ("总监", "Director"),
            Self::Operations => ("销售运营", "Sales operations"),
            Self::Finance => ("财务", "Finance"),
            Self::Hr => ("HR", "HR"),
            Self::Auditor => ("质量官", "Auditor"),
            Self::Administrator => ("管理员", "Administrator"),
        }
    }

    /// Whether the role sees its own rows, those of its teams, or all.
    #[must_use]
    pub fn reach(self) -> Reach {
        match self {
            Self::Rep => Reach::Own,
            Self::Manager | Self::Director => Reach::Subtree,
            Self::Operations | Self::Finance | Self::Hr | Self::Auditor | Self::Administrator => Reach::All,
        }
    }

    /// What the role may do. Pay is not here: it needs its own grant on the user.
    #[must_use]
    pub fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Rep => &[P::ViewOwnPay, P::ViewMetrics, P::ViewPlans, P::EditSales, P::EditContracts, P::Comment],
            Self::Manager | Self::Director => &[
                P::ViewOwnPay,
                P::ViewTeam,
                P::ViewMetrics,
                P::ViewPlans,
                P::EditSales,
                P::EditContracts,
                P::Comment,
                P::ManageTargets,
                P::Export,
            ],
            Self::Operations => &[
                P::ViewOwnPay,
                P::ViewTeam,
                P::ViewMetrics,
                P::ViewPlans,
                P::EditSales,
                P::EditContracts,
                P::Comment,
                P::ManageTargets,
                P::ManageMetrics,
                P::PublishPlans,
                P::ManageCatalog,
                P::ManagePeople,
                P::ManageCompany,
                P::Import,
                P::Export,
            ],
            Self::Finance => &[
                P::ViewOwnPay,
                P::ViewTeam,
                P::ViewMetrics,
                P::ViewPlans,
                P::EditContracts,
                P::RecordMoney,
                P::Comment,
                P::Import,
                P::Export,
            ],
            Self::Hr => {
                &[P::ViewOwnPay, P::ViewTeam, P::ViewMetrics, P::ViewPlans, P::ManagePeople, P::Comment, P::Export]
            }
            Self::Auditor => &[P::ViewTeam, P::ViewMetrics, P::ViewPlans, P::ViewAudit],
            Self::Administrator => &[
                P::ViewTeam,
                P::ViewMetrics,
                P::ViewPlans,
                P::Comment,
                P::ManageUsers,
                P::ManagePeople,
                P::ManageTargets,
                P::ManageCatalog,
                P::ManageCompany,
                P::ViewAudit,
                P::Import,
                P::Export,
            ],
        }
    }
}

/// How far a role sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Own rows.
    Own,
    /// The rows of the people in the teams they lead, and below.
    Subtree,
    /// All rows.
    All,
}

/// Something a role may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See the own estimate.
    ViewOwnPay,
    /// See teams: the attainment of their members in the row scope. A rep has no team to look after.
    ViewTeam,
    /// See metrics and their values in the row scope.
    ViewMetrics,
    /// See plans: one's own, or all for those who manage them.
    ViewPlans,
    /// See other people's pay in the row scope: the pay grant of a user, never of a role.
    ViewPay,
    /// Write leads, accounts, contacts, opportunities, activities, orders.
    EditSales,
    /// Write contracts.
    EditContracts,
    /// Book payments, refunds, write-offs, invoices.
    RecordMoney,
    /// Write comments on records in the row scope.
    Comment,
    /// Set targets.
    ManageTargets,
    /// Publish metric versions.
    ManageMetrics,
    /// Publish plans and see all of them.
    PublishPlans,
    /// Products, pipelines.
    ManageCatalog,
    /// People, teams, memberships.
    ManagePeople,
    /// Users, roles, grants.
    ManageUsers,
    /// Company, calendar, exchange rates.
    ManageCompany,
    /// Read the audit log.
    ViewAudit,
    /// Import files.
    Import,
    /// Export files.
    Export,
}

impl Permission {
    /// Every permission, in the order in which they are listed.
    pub const ALL: [Permission; 19] = [
        Permission::ViewOwnPay,
        Permission::ViewPay,
        Permission::ViewTeam,
        Permission::ViewMetrics,
        Permission::ViewPlans,
        Permission::EditSales,
        Permission::EditContracts,
        Permission::RecordMoney,
        Permission::Comment,
        Permission::ManageTargets,
        Permission::ManageMetrics,
        Permission::PublishPlans,
        Permission::ManageCatalog,
        Permission::ManagePeople,
        Permission::ManageCompany,
        Permission::ManageUsers,
        Permission::ViewAudit,
        Permission::Import,
        Permission::Export,
    ];

    /// What people call it, in Chinese and English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::ViewOwnPay => ("查看自己的提成", "See one's own pay"),
            Self::ViewPay => ("查看范围内其他人的提成", "See the pay of others in scope"),
            Self::ViewTeam => ("查看团队达成", "See the attainment of teams"),
            Self::ViewMetrics => ("查看指标", "See metrics"),
            Self::ViewPlans => ("查看激励方案", "See plans"),
            Self::EditSales => {
                ("录入线索、客户、商机、跟进、订单", "Write leads, customers, deals, activities, orders")
            }
            Self::EditContracts => ("录入合同", "Write contracts"),
            Self::RecordMoney => ("登记回款、退款、开票", "Book payments, refunds, invoices"),
            Self::Comment => ("评论", "Comment"),
            Self::ManageTargets => ("设置目标", "Set targets"),
            Self::ManageMetrics => ("发布指标口径", "Publish metrics"),
            Self::PublishPlans => ("发布激励方案", "Publish plans"),
            Self::ManageCatalog => ("维护产品与商机管道", "Keep products and pipelines"),
            Self::ManagePeople => ("维护成员与团队", "Keep people and teams"),
            Self::ManageCompany => ("维护公司设置与工作日历", "Keep the company and its calendar"),
            Self::ManageUsers => ("管理账号与授权", "Keep users and grants"),
            Self::ViewAudit => ("查看审计日志", "Read the audit log"),
            Self::Import => ("导入", "Import"),
            Self::Export => ("导出", "Export"),
        }
    }
}

/// What everybody needs to know of the company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyFacts {
    /// ISO 4217.
    pub currency: String,
    /// Business dates are dates of this zone.
    pub timezone: Tz,
}

/// Who asks. Every capability takes one; there is no read without its scope.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who writes, for the audit log.
    pub actor: Actor,
    /// The user; none for the operator and jobs.
    pub user_id: Option<Uuid>,
    /// The person behind the user.
    pub person_id: Option<Uuid>,
    /// The role; the operator and jobs have none and may do everything.
    pub role: Option<Role>,
    /// True where the user may see the pay of others in the row scope.
    pub pay_grant: bool,
    /// Whose rows are seen.
    pub rows: RowScope,
    /// The asker's language.
    pub locale: Locale,
    /// The moment, ms since 1970 UTC.
    pub now_ms: i64,
    /// The company.
    pub company: CompanyFacts,
    /// The client's idempotency key.
    pub idempotency: Option<IdempotencyKey>,
    /// What a request reads; none for a command, which may go on for long.
    pub view: Option<View>,
}

impl Context {
    /// The operator of the machine: full scope; each write is an audit row.
    #[must_use]
    pub fn operator(company: CompanyFacts, locale: Locale, now_ms: i64) -> Self {
        Self {
            actor: Actor::Operator,
            user_id: None,
            person_id: None,
            role: None,
            pay_grant: true,
            rows: RowScope::All,
            locale,
            now_ms,
            company,
            idempotency: None,
            view: None,
        }
    }

    /// True where the asker may do this.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        match (permission, self.role) {
            (Permission::ViewPay, _) => self.pay_grant,
            (_, None) => true,
            (permission, Some(role)) => role.permissions().contains(&permission),
        }
    }

    /// Refuses where the asker may not do this.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn require(&self, permission: Permission) -> Result<(), AppError> {
        if self.may(permission) { Ok(()) } else { Err(AppError::Forbidden("not_allowed")) }
    }

    /// The business date now, in the company's zone.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        date_of(self.now_ms, self.company.timezone)
    }

    /// The asker's language as the engine names it.
    #[must_use]
    pub fn language(&self) -> qiao_engine::Language {
        match self.locale {
            Locale::Zh => qiao_engine::Language::Zh,
            Locale::En => qiao_engine::Language::En,
        }
    }

    /// Who writes, when, under which key.
    #[must_use]
    pub fn write(&self) -> WriteContext {
        WriteContext { actor: self.actor.clone(), now_ms: self.now_ms, idempotency: self.idempotency.clone() }
    }
}

/// The date of a moment in a zone.
#[must_use]
pub fn date_of(ms: i64, zone: Tz) -> NaiveDate {
    DateTime::from_timestamp_millis(ms).unwrap_or_default().with_timezone(&zone).date_naive()
}
