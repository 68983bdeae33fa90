//! Our columns as people call them: for headers that are guessed, and for the page on which they are matched.

use super::run::Kind;

/// What the cells of a column look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Shape {
    /// The record's own name in files.
    Key,
    /// Any text.
    Text,
    /// An amount.
    Money,
    /// A number.
    Number,
    /// A rate between 0 and 1.
    Rate,
    /// A day.
    Date,
    /// A month, quarter or year.
    Period,
    /// A telephone number.
    Phone,
    /// An address.
    Email,
    /// One of a few words.
    Choice,
    /// A person.
    Person,
    /// A product.
    Product,
    /// A stage.
    Stage,
    /// A pipeline.
    Pipeline,
    /// A metric.
    Metric,
    /// Another record, by its name in files.
    Record,
}

/// One of our columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    /// What people also write above it.
    also: &'static [&'static str],
    pub shape: Shape,
}

impl Field {
    /// Everything that the column is called, as it is compared.
    pub(super) fn called(&self) -> impl Iterator<Item = String> {
        [self.name, self.zh, self.en].into_iter().chain(self.also.iter().copied()).map(plain)
    }
}

/// A header as it is compared: without case, blanks, marks, and what stands in brackets behind it.
#[must_use]
pub(super) fn plain(text: &str) -> String {
    let head = text.split(['(', '（', '[', '【']).next().filter(|head| !head.trim().is_empty()).unwrap_or(text);
    head.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

const fn f(
    name: &'static str,
    zh: &'static str,
    en: &'static str,
    shape: Shape,
    also: &'static [&'static str],
) -> Field {
    Field { name, zh, en, also, shape }
}

use Shape as S;

const OWNER: Field = f(
    "owner",
    "负责人",
    "Owner",
    S::Person,
    &[
        "销售",
        "销售员",
        "业务员",
        "客户经理",
        "销售代表",
        "跟进人",
        "归属人",
        "sales rep",
        "sales agent",
        "salesperson",
        "rep",
        "account manager",
    ],
);
const ACCOUNT: Field = f(
    "account",
    "客户",
    "Account",
    S::Record,
    &[
        "客户名称",
        "客户编号",
        "公司",
        "公司名称",
        "企业名称",
        "单位名称",
        "customer",
        "customer name",
        "company",
        "account name",
    ],
);
const PHONE: Field = f(
    "phone",
    "电话",
    "Phone",
    S::Phone,
    &["手机", "手机号", "手机号码", "联系电话", "电话号码", "mobile", "tel", "telephone", "phone number"],
);
const EMAIL: Field = f("email", "邮箱", "E-mail", S::Email, &["电子邮件", "电子邮箱", "邮件", "mail", "email address"]);
const REGION: Field = f("region", "区域", "Region", S::Text, &["大区", "地区", "省份", "area", "territory"]);
const SOURCE: Field =
    f("source", "来源", "Source", S::Text, &["客户来源", "线索来源", "渠道", "channel", "lead source"]);
const CURRENCY: Field = f("currency", "币种", "Currency", S::Text, &["货币"]);
const NOTE: Field = f("note", "备注", "Note", S::Text, &["说明", "注释", "remark", "remarks", "notes", "comment"]);
const SPLITS: Field = f("splits", "分成", "Splits", S::Text, &["业绩分成", "业绩分配", "credit splits"]);
const LINE: Field =
    f("product_line", "产品线", "Product line", S::Text, &["产品系列", "系列", "品类", "类别", "series", "category"]);
const NEXT_STEP: Field =
    f("next_step", "下一步", "Next step", S::Text, &["下一步计划", "后续计划", "下步计划", "next action"]);
const TITLE: Field = f("title", "职位", "Title", S::Text, &["职务", "岗位", "job title", "position"]);
const TIER: Field = f("tier", "客户等级", "Tier", S::Text, &["等级", "级别", "客户级别", "level", "grade"]);

const CONTRACT: Field = f(
    "contract",
    "合同",
    "Contract",
    S::Record,
    &["合同编号", "合同号", "contract number", "contract no", "contract id"],
);
const NET: Field =
    f("amount_excl_tax", "不含税金额", "Amount without tax", S::Money, &["税前金额", "net amount", "amount excl tax"]);

const PEOPLE: &[Field] = &[
    f(
        "person",
        "人员编号",
        "Person",
        S::Key,
        &["工号", "员工编号", "员工号", "人员", "employee id", "employee", "staff id", "id", "sales agent"],
    ),
    f("name", "姓名", "Name", S::Text, &["名称", "员工姓名", "full name"]),
    EMAIL,
    PHONE,
    f("team", "团队", "Team", S::Text, &["部门", "小组", "组织", "department", "group"]),
    f("role", "角色", "Role", S::Choice, &["职务", "岗位", "position"]),
    f("manager", "上级", "Manager", S::Person, &["主管", "经理", "直属上级", "汇报对象", "reports to", "supervisor"]),
    f("start", "入职日期", "Start", S::Date, &["入职时间", "开始日期", "start date", "joined", "hire date"]),
    f("end", "离职日期", "End", S::Date, &["离职时间", "结束日期", "end date", "left"]),
];
const PRODUCTS: &[Field] = &[
    f(
        "product",
        "产品编码",
        "Product",
        S::Key,
        &["产品", "产品编号", "编码", "货号", "sku", "code", "product code", "product id", "id"],
    ),
    f("name", "产品名称", "Name", S::Text, &["名称", "品名", "product name"]),
    LINE,
    f(
        "list_price",
        "目录价",
        "List price",
        S::Money,
        &["标价", "单价", "价格", "零售价", "price", "sales price", "unit price"],
    ),
    f("cost", "成本", "Cost", S::Money, &["成本价", "unit cost"]),
    f("unit", "单位", "Unit", S::Text, &["计量单位"]),
];
const ACCOUNTS: &[Field] = &[
    f("account", "客户编号", "Account", S::Key, &["编号", "客户", "客户id", "customer id", "account id", "id"]),
    f(
        "name",
        "客户名称",
        "Name",
        S::Text,
        &["名称", "公司名称", "企业名称", "单位名称", "公司", "customer", "company", "company name", "account name"],
    ),
    f("parent", "上级企业", "Parent", S::Record, &["母公司", "集团", "上级公司", "parent company", "subsidiary of"]),
    f(
        "social_credit_code",
        "统一社会信用代码",
        "Social credit code",
        S::Text,
        &["信用代码", "税号", "纳税人识别号", "tax id"],
    ),
    f("industry", "行业", "Industry", S::Text, &["所属行业", "sector"]),
    REGION,
    TIER,
    SOURCE,
    PHONE,
    f("website", "网站", "Website", S::Text, &["网址", "官网", "url", "homepage"]),
    f("address", "地址", "Address", S::Text, &["详细地址", "公司地址", "办公地址", "office location", "location"]),
    f("founded_year", "成立年份", "Founded", S::Number, &["成立时间", "year established", "founded year"]),
    f("employees", "员工数", "Employees", S::Number, &["人数", "规模", "员工人数", "headcount", "staff"]),
    f("revenue", "营业额", "Revenue", S::Money, &["年收入", "营收", "年营业额", "turnover"]),
    OWNER,
];
const CONTACTS: &[Field] = &[
    f("contact", "联系人编号", "Contact", S::Key, &["编号", "contact id", "id"]),
    f("name", "姓名", "Name", S::Text, &["联系人", "联系人姓名", "名称", "full name", "contact name"]),
    ACCOUNT,
    TITLE,
    f("decision_role", "决策角色", "Decision role", S::Choice, &["角色", "role"]),
    PHONE,
    EMAIL,
    f("wechat", "微信", "WeChat", S::Text, &["微信号", "wechat id"]),
    OWNER,
];
const LEADS: &[Field] = &[
    f("lead", "线索编号", "Lead", S::Key, &["编号", "lead id", "id"]),
    f("name", "姓名", "Name", S::Text, &["联系人", "线索名称", "线索", "名称", "full name", "contact", "contact name"]),
    f(
        "company_name",
        "公司",
        "Company",
        S::Text,
        &["公司名称", "企业名称", "单位", "单位名称", "客户名称", "organisation", "organization"],
    ),
    TITLE,
    PHONE,
    EMAIL,
    SOURCE,
    f("campaign", "活动", "Campaign", S::Text, &["市场活动", "营销活动"]),
    REGION,
    f("status", "状态", "Status", S::Choice, &["线索状态", "跟进状态", "lead status"]),
    f(
        "created_on",
        "建立日期",
        "Created",
        S::Date,
        &["创建日期", "创建时间", "录入日期", "created at", "create date", "date"],
    ),
    f("converted_on", "转化日期", "Converted on", S::Date, &["转化时间", "conversion date"]),
    ACCOUNT,
    f("opportunity", "商机", "Opportunity", S::Record, &["商机编号", "deal"]),
    OWNER,
    NOTE,
];
const OPPORTUNITIES: &[Field] = &[
    f("opportunity", "商机编号", "Opportunity", S::Key, &["编号", "商机id", "opportunity id", "deal id", "id"]),
    f(
        "name",
        "商机名称",
        "Name",
        S::Text,
        &["商机", "项目名称", "项目", "名称", "deal", "deal name", "opportunity name", "project"],
    ),
    ACCOUNT,
    OWNER,
    f("product", "产品", "Product", S::Product, &["产品名称", "产品编码", "product name"]),
    f("pipeline", "销售流程", "Pipeline", S::Pipeline, &["流程", "管道", "sales process"]),
    f("stage", "阶段", "Stage", S::Stage, &["销售阶段", "商机阶段", "状态", "deal stage", "status", "sales stage"]),
    f(
        "amount",
        "金额",
        "Amount",
        S::Money,
        &["预计金额", "商机金额", "成交金额", "价值", "deal value", "close value", "expected amount", "total", "value"],
    ),
    CURRENCY,
    f(
        "opened_on",
        "建立日期",
        "Opened",
        S::Date,
        &["创建日期", "创建时间", "开始日期", "engage date", "created", "create date", "open date"],
    ),
    f(
        "expected_close_on",
        "预计成交日期",
        "Expected to close",
        S::Date,
        &["预计成交", "预计签单日期", "预计成交时间", "预计结单日期", "expected close", "expected close date"],
    ),
    f(
        "closed_on",
        "关闭日期",
        "Closed",
        S::Date,
        &["成交日期", "结单日期", "赢单日期", "签单日期", "close date", "won date"],
    ),
    SOURCE,
    f("lost_reason", "输单原因", "Lost because", S::Text, &["丢单原因", "失败原因", "loss reason", "lost reason"]),
    f("competitor", "竞争对手", "Competitor", S::Text, &["竞品", "competitors"]),
    NEXT_STEP,
    SPLITS,
    f("stages", "阶段历程", "Stage history", S::Text, &["阶段历史", "阶段变更", "stage history"]),
];
const CONTRACTS: &[Field] = &[
    f("contract", "合同标识", "Contract", S::Key, &["合同id", "contract id", "id", "编号"]),
    f("number", "合同编号", "Number", S::Text, &["合同号", "contract number", "contract no"]),
    f("name", "合同名称", "Name", S::Text, &["名称", "contract name"]),
    ACCOUNT,
    f("opportunity", "商机", "Opportunity", S::Record, &["商机编号", "商机名称", "deal"]),
    OWNER,
    f("parent", "主合同", "Parent", S::Record, &["上级合同", "原合同", "parent contract"]),
    f("contract_kind", "合同类型", "Contract kind", S::Choice, &["类型", "合同类别", "contract type", "type"]),
    f("status", "状态", "Status", S::Choice, &["合同状态", "contract status"]),
    f(
        "signed_on",
        "签订日期",
        "Signed on",
        S::Date,
        &["签约日期", "签署日期", "签订时间", "签约时间", "sign date", "signed", "signing date"],
    ),
    f("filed_on", "归档日期", "Filed on", S::Date, &["归档时间", "filing date"]),
    f(
        "service_from",
        "服务开始",
        "Service from",
        S::Date,
        &["服务开始日期", "起始日期", "生效日期", "service start", "start date"],
    ),
    f(
        "service_to",
        "服务结束",
        "Service to",
        S::Date,
        &["服务结束日期", "到期日期", "终止日期", "service end", "end date", "expiry date"],
    ),
    f(
        "amount",
        "合同金额",
        "Amount",
        S::Money,
        &["金额", "含税金额", "总金额", "合同总额", "contract amount", "contract value", "total", "value"],
    ),
    NET,
    f("tax_rate", "税率", "Tax rate", S::Rate, &["vat rate", "vat"]),
    f("list_amount", "目录金额", "List amount", S::Money, &["标价金额", "list total"]),
    f("cost", "成本", "Cost", S::Money, &["合同成本", "成本金额"]),
    CURRENCY,
    f("lines", "明细", "Lines", S::Text, &["合同明细", "产品明细"]),
    SPLITS,
    f("schedule", "收款计划", "Schedule", S::Text, &["回款计划", "付款计划", "payment schedule"]),
];
const PAYMENTS: &[Field] = &[
    f("payment", "回款编号", "Payment", S::Key, &["编号", "收款编号", "回款单号", "流水号", "payment id", "id"]),
    CONTRACT,
    f("kind", "类型", "Kind", S::Choice, &["回款类型", "款项类型", "type", "payment type"]),
    f(
        "received_on",
        "到账日期",
        "Received on",
        S::Date,
        &["回款日期", "收款日期", "到款日期", "到账时间", "回款时间", "payment date", "received", "date"],
    ),
    f("amount", "金额", "Amount", S::Money, &["回款金额", "收款金额", "到账金额", "payment amount", "total", "value"]),
    CURRENCY,
    f("refers_to", "原回款", "Refers to", S::Record, &["关联回款", "原收款", "original payment"]),
    f("method", "方式", "Method", S::Text, &["付款方式", "收款方式", "支付方式", "payment method"]),
    f("reference", "凭证号", "Reference", S::Text, &["凭证", "银行流水", "交易号", "transaction id"]),
    NOTE,
    f("reversed", "已冲销", "Reversed", S::Choice, &["冲销"]),
];
const INVOICES: &[Field] = &[
    f("invoice", "发票标识", "Invoice", S::Key, &["发票id", "开票编号", "编号", "invoice id", "id"]),
    f("number", "发票号码", "Number", S::Text, &["发票编号", "发票号", "invoice number", "invoice no"]),
    CONTRACT,
    f("kind", "类型", "Kind", S::Choice, &["发票类型", "invoice type", "type"]),
    f(
        "issued_on",
        "开票日期",
        "Issued on",
        S::Date,
        &["开票时间", "开具日期", "invoice date", "issue date", "issued", "date"],
    ),
    f(
        "amount",
        "价税合计",
        "Amount",
        S::Money,
        &["金额", "含税金额", "开票金额", "发票金额", "invoice amount", "total", "value"],
    ),
    NET,
    CURRENCY,
];
const ORDERS: &[Field] = &[
    f("sales_order", "订单标识", "Order", S::Key, &["订单id", "编号", "order id", "order", "id"]),
    f("number", "订单编号", "Number", S::Text, &["订单号", "order number", "order no"]),
    ACCOUNT,
    CONTRACT,
    OWNER,
    f(
        "sold_on",
        "销售日期",
        "Sold on",
        S::Date,
        &["订单日期", "下单日期", "下单时间", "成交日期", "order date", "sale date", "sold", "date"],
    ),
    f("channel", "渠道", "Channel", S::Text, &["销售渠道", "来源渠道", "sales channel"]),
    f("status", "状态", "Status", S::Choice, &["订单状态", "order status"]),
    f("product", "产品", "Product", S::Product, &["产品名称", "产品编码", "商品", "product name", "sku"]),
    f("quantity", "数量", "Quantity", S::Number, &["件数", "qty", "units"]),
    f("amount", "金额", "Amount", S::Money, &["订单金额", "含税金额", "销售金额", "order amount", "total", "value"]),
    NET,
    f("cost", "成本", "Cost", S::Money, &["成本金额"]),
    CURRENCY,
];
const DELIVERIES: &[Field] = &[
    f("delivery", "交付编号", "Delivery", S::Key, &["发货单号", "编号", "delivery id", "id"]),
    f("order", "订单", "Order", S::Record, &["订单编号", "订单号", "order number", "order no", "order id"]),
    f(
        "delivered_on",
        "交付日期",
        "Delivered on",
        S::Date,
        &["发货日期", "到货日期", "签收日期", "delivery date", "delivered", "shipped on", "date"],
    ),
    f("quantity", "数量", "Quantity", S::Number, &["交付数量", "发货数量", "件数", "qty", "units"]),
    f("place", "地点", "Place", S::Text, &["收货地址", "交付地点", "地址", "address", "location"]),
    NOTE,
];
const ACTIVITIES: &[Field] = &[
    f("activity", "活动编号", "Activity", S::Key, &["编号", "跟进编号", "拜访编号", "activity id", "id"]),
    f("kind", "方式", "Kind", S::Choice, &["跟进方式", "活动类型", "类型", "type"]),
    f("subject", "主题", "Subject", S::Text, &["标题", "内容", "跟进内容", "拜访内容", "title", "topic"]),
    OWNER,
    ACCOUNT,
    f("opportunity", "商机", "Opportunity", S::Record, &["商机编号", "商机名称", "deal"]),
    f(
        "happened_at",
        "时间",
        "When",
        S::Date,
        &["日期", "跟进时间", "拜访时间", "拜访日期", "活动时间", "date", "time", "happened on"],
    ),
    f("minutes", "时长（分钟）", "Minutes", S::Number, &["时长", "分钟", "duration"]),
    f("outcome", "结果", "Outcome", S::Text, &["跟进结果", "拜访结果", "成果", "result"]),
    NEXT_STEP,
    f(
        "next_step_on",
        "下一步日期",
        "Next step on",
        S::Date,
        &["下次跟进", "下次跟进时间", "下次联系时间", "follow up date", "next follow up"],
    ),
    f("place", "地点", "Place", S::Text, &["拜访地点", "地址", "location", "where"]),
];
const TARGETS: &[Field] = &[
    f("metric", "指标", "Metric", S::Metric, &["指标名称", "指标编码", "kpi"]),
    f("subject", "对象", "Subject", S::Person, &["人员", "负责人", "团队", "姓名", "销售", "person", "owner", "who"]),
    f("period", "周期", "Period", S::Period, &["月份", "月", "期间", "年月", "month", "quarter", "year"]),
    f(
        "base",
        "目标值",
        "Base",
        S::Number,
        &["目标", "基础目标", "保底目标", "任务", "任务额", "指标值", "target", "quota", "goal"],
    ),
    f("challenge", "挑战值", "Challenge", S::Number, &["挑战目标", "challenge target"]),
    f("stretch", "冲刺值", "Stretch", S::Number, &["冲刺目标", "stretch target"]),
    LINE,
    REGION,
    TIER,
];

/// Our columns of a kind, in the order in which they are exported.
pub(super) fn of(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::People => PEOPLE,
        Kind::Products => PRODUCTS,
        Kind::Accounts => ACCOUNTS,
        Kind::Contacts => CONTACTS,
        Kind::Leads => LEADS,
        Kind::Opportunities => OPPORTUNITIES,
        Kind::Contracts => CONTRACTS,
        Kind::Payments => PAYMENTS,
        Kind::Invoices => INVOICES,
        Kind::Orders => ORDERS,
        Kind::Deliveries => DELIVERIES,
        Kind::Activities => ACTIVITIES,
        Kind::Targets => TARGETS,
    }
}

/// The columns without which a row names no record.
pub(super) fn needed(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Targets => &["metric", "subject", "period"],
        other => other.key_and_parent().0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_a_file_has_its_words() {
        for kind in Kind::ALL {
            let named: Vec<&str> = of(kind).iter().map(|field| field.name).collect();
            assert_eq!(named, kind.columns(), "{kind:?}");
            assert!(needed(kind).iter().all(|name| named.contains(name)), "{kind:?}");
        }
    }
}
