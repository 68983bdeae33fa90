//! What people are told of.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::context::{Context, Permission};
use crate::locale::Locale;

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody named the reader in a comment.
    Mention,
    /// Somebody commented on a record of the reader's.
    Comment,
    /// A record was given to the reader.
    Assigned,
    /// A record was given to somebody else.
    Unassigned,
    /// Money of the reader's contract was booked.
    Payment,
    /// A target of the reader's was set or changed.
    Target,
    /// A plan that the reader is on was published.
    Plan,
    /// An import of the reader's ended.
    Import,
    /// A deal of somebody whom the reader leads was won or lost.
    DealClosed,
}

/// A kind with its words.
type Words = (Kind, &'static str, (&'static str, &'static str), (&'static str, &'static str));

const WORDS: &[Words] = &[
    (Kind::Mention, "mention", ("提到我", "Mentions"), ("有人在评论里用 @ 提到你", "Somebody names you in a comment")),
    (
        Kind::Comment,
        "comment",
        ("评论", "Comments"),
        ("有人评论你负责的记录", "Somebody comments on a record of yours"),
    ),
    (Kind::Assigned, "assigned", ("交给我", "Given to me"), ("有记录交给你负责", "A record is given to you")),
    (
        Kind::Unassigned,
        "unassigned",
        ("交给他人", "Given to others"),
        ("你负责的记录交给了他人", "A record of yours is given to somebody else"),
    ),
    (
        Kind::Payment,
        "payment",
        ("回款", "Payments"),
        ("你的合同有回款、退款或核销", "A payment, refund or write-off of your contract is booked"),
    ),
    (Kind::Target, "target", ("目标", "Targets"), ("你的目标被设定或调整", "A target of yours is set or changed")),
    (
        Kind::Plan,
        "plan",
        ("激励方案", "Plans"),
        ("你适用的激励方案发布了新版本", "A plan that you are on is published"),
    ),
    (Kind::Import, "import", ("导入", "Imports"), ("你的导入已完成", "An import of yours has ended")),
    (
        Kind::DealClosed,
        "deal_closed",
        ("团队赢单与输单", "Deals of the team"),
        ("你带的成员赢单或输单", "A deal of somebody whom you lead is won or lost"),
    ),
];

impl Kind {
    /// Every kind, in the order in which settings list them.
    pub fn all() -> impl Iterator<Item = Self> {
        WORDS.iter().map(|(kind, ..)| *kind)
    }

    fn words(self) -> Option<&'static Words> {
        WORDS.iter().find(|(kind, ..)| *kind == self)
    }

    /// The word in the database and in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.words().map_or("", |(_, word, ..)| *word)
    }

    /// The kind of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        WORDS.iter().find(|(_, known, ..)| *known == word).map(|(kind, ..)| *kind)
    }

    /// What it is called.
    #[must_use]
    pub fn name(self, locale: Locale) -> &'static str {
        self.words().map_or("", |(_, _, (zh, en), _)| locale.pick(zh, en))
    }

    /// When one is told.
    #[must_use]
    pub fn about(self, locale: Locale) -> &'static str {
        self.words().map_or("", |(_, _, _, (zh, en))| locale.pick(zh, en))
    }

    /// True where the asker can ever be told of it.
    #[must_use]
    pub fn concerns(self, context: &Context) -> bool {
        match self {
            Self::Mention => true,
            Self::Import => context.may(Permission::Import),
            Self::DealClosed => context.person_id.is_some() && context.may(Permission::ViewTeam),
            _ => context.person_id.is_some(),
        }
    }
}

/// What a message needs to know beside its record; a message of each kind uses a few of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Data {
    /// The comment that was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Uuid>,
    /// What happened: won, lost, payment, refund, write_off, reversed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// Whose it is now, or whose deal it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Uuid>,
    /// The day that counts: of the money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<NaiveDate>,
    /// Minor units of the company's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<i64>,
    /// The metric's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// The period of a target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// A target before, in the metric's unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// A target now, in the metric's unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The version of a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// What is called so: the plan, the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is called in English, where that is another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_en: Option<String>,
    /// The rows of a file: created, updated, unchanged, rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<[u64; 4]>,
}

impl Data {
    /// What it is called, in the reader's language.
    #[must_use]
    pub fn name(&self, locale: Locale) -> Option<&str> {
        let english = self.name_en.as_deref().filter(|_| locale == Locale::En);
        english.or(self.name.as_deref())
    }
}
