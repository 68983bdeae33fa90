//! What the columns and words of records are called.

use qiao_engine::Language;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A text, a date, a number: shown as it stands.
    Text,
    /// Money in minor units.
    Money,
    /// One of a few words.
    Word,
    /// A person.
    Person,
    /// An account.
    Account,
    /// A contact.
    Contact,
    /// An opportunity.
    Opportunity,
    /// A contract.
    Contract,
    /// A stage.
    Stage,
    /// A product.
    Product,
}

/// A column: its name, what it is called in Chinese and English, what it holds.
type Column = (&'static str, &'static str, &'static str, Holds);

/// The columns that are shown. What is not here says nothing to people: versions, roots of groups, times.
const COLUMNS: &[Column] = &[
    ("name", "名称", "Name", Holds::Text),
    ("number", "编号", "Number", Holds::Text),
    ("subject", "主题", "Subject", Holds::Text),
    ("external_id", "外部编号", "External id", Holds::Text),
    ("owner_id", "负责人", "Owner", Holds::Person),
    ("account_id", "客户", "Account", Holds::Account),
    ("contact_id", "联系人", "Contact", Holds::Contact),
    ("opportunity_id", "商机", "Opportunity", Holds::Opportunity),
    ("contract_id", "合同", "Contract", Holds::Contract),
    ("parent_id", "上级", "Parent", Holds::Account),
    ("product_id", "产品", "Product", Holds::Product),
    ("stage_id", "阶段", "Stage", Holds::Stage),
    ("status", "状态", "Status", Holds::Word),
    ("kind", "类型", "Kind", Holds::Word),
    ("contract_kind", "合同类型", "Kind", Holds::Word),
    ("decision_role", "决策角色", "Decision role", Holds::Word),
    ("amount_minor", "金额", "Amount", Holds::Money),
    ("amount_excl_tax_minor", "不含税金额", "Amount excl. tax", Holds::Money),
    ("revenue_minor", "年营业额", "Revenue", Holds::Money),
    ("cost_minor", "成本", "Cost", Holds::Money),
    ("opened_on", "建立日期", "Opened", Holds::Text),
    ("expected_close_on", "预计成交", "Expected to close", Holds::Text),
    ("closed_on", "关闭日期", "Closed", Holds::Text),
    ("created_on", "建立日期", "Created", Holds::Text),
    ("converted_on", "转化日期", "Converted on", Holds::Text),
    ("signed_on", "签订日期", "Signed", Holds::Text),
    ("filed_on", "归档日期", "Filed", Holds::Text),
    ("service_from", "服务开始", "Service from", Holds::Text),
    ("service_to", "服务结束", "Service to", Holds::Text),
    ("received_on", "到账日期", "Received", Holds::Text),
    ("issued_on", "开票日期", "Issued", Holds::Text),
    ("sold_on", "销售日期", "Sold", Holds::Text),
    ("happened_on", "日期", "Date", Holds::Text),
    ("next_step", "下一步", "Next step", Holds::Text),
    ("next_step_on", "下一步日期", "Next step on", Holds::Text),
    ("outcome", "结果", "Outcome", Holds::Text),
    ("place", "地点", "Place", Holds::Text),
    ("company_name", "公司", "Company", Holds::Text),
    ("title", "职位", "Title", Holds::Text),
    ("phone", "电话", "Phone", Holds::Text),
    ("email", "邮箱", "E-mail", Holds::Text),
    ("wechat", "微信", "WeChat", Holds::Text),
    ("website", "网站", "Website", Holds::Text),
    ("address", "地址", "Address", Holds::Text),
    ("industry", "行业", "Industry", Holds::Text),
    ("region", "区域", "Region", Holds::Text),
    ("tier", "客户等级", "Tier", Holds::Text),
    ("source", "来源", "Source", Holds::Text),
    ("campaign", "活动", "Campaign", Holds::Text),
    ("social_credit_code", "统一社会信用代码", "Social credit code", Holds::Text),
    ("lost_reason", "输单原因", "Lost because", Holds::Text),
    ("competitor", "竞争对手", "Competitor", Holds::Text),
    ("method", "方式", "Method", Holds::Text),
    ("reference", "流水号", "Reference", Holds::Text),
    ("note", "备注", "Note", Holds::Text),
];

/// The words of `status`, `kind`, `contract_kind` and `decision_role`.
const WORDS: &[(&str, &str, &str)] = &[
    ("open", "进行中", "Open"),
    ("won", "赢单", "Won"),
    ("lost", "输单", "Lost"),
    ("working", "跟进中", "Working"),
    ("converted", "已转化", "Converted"),
    ("closed", "已关闭", "Closed"),
    ("draft", "草稿", "Draft"),
    ("signed", "已签订", "Signed"),
    ("ended", "已结束", "Ended"),
    ("cancelled", "已作废", "Cancelled"),
    ("delivered", "已交付", "Delivered"),
    ("new", "新签", "New"),
    ("add_on", "增购", "Add-on"),
    ("renewal", "续费", "Renewal"),
    ("repeat", "复购", "Repeat"),
    ("framework", "框架", "Framework"),
    ("payment", "回款", "Payment"),
    ("refund", "退款", "Refund"),
    ("write_off", "坏账核销", "Write-off"),
    ("invoice", "发票", "Invoice"),
    ("credit_note", "红字发票", "Credit note"),
    ("call", "电话", "Call"),
    ("visit", "拜访", "Visit"),
    ("demo", "演示", "Demo"),
    ("message", "消息", "Message"),
    ("meeting", "会议", "Meeting"),
    ("decider", "决策人", "Decider"),
    ("influencer", "影响人", "Influencer"),
    ("user", "使用人", "User"),
    ("buyer", "采购", "Buyer"),
    ("gatekeeper", "把关人", "Gatekeeper"),
    ("created", "新建", "Created"),
    ("updated", "修改", "Changed"),
    ("archived", "归档", "Put away"),
    ("restored", "恢复", "Brought back"),
    ("splits_changed", "调整业绩拆分", "Credit splits changed"),
];

/// The column of a name, where it is shown.
pub fn column(name: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|(known, ..)| *known == name)
}

/// What a column is called, where it is shown.
pub fn label(name: &str, language: Language) -> Option<&'static str> {
    column(name).map(|(_, zh, en, _)| language.pick(zh, en))
}

/// The place of a column: changes stand in this order.
pub fn rank(name: &str) -> usize {
    COLUMNS.iter().position(|(known, ..)| *known == name).unwrap_or(COLUMNS.len())
}

/// A word in a language; itself where it is not known.
pub fn word(word: &str, language: Language) -> &str {
    WORDS.iter().find(|(known, ..)| *known == word).map_or(word, |(_, zh, en)| language.pick(zh, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_and_word_stands_once() {
        for (index, (name, zh, en, _)) in COLUMNS.iter().enumerate() {
            assert!(!zh.is_empty() && !en.is_empty() && rank(name) == index, "{name}");
        }
        for (index, (name, zh, en)) in WORDS.iter().enumerate() {
            assert!(WORDS.iter().position(|(known, ..)| known == name) == Some(index), "{name}");
            assert!(!zh.is_empty() && !en.is_empty());
        }
    }
}
