//! Words that the example company is made of.

use crate::context::Role;

/// Family names.
pub const FAMILY: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马",
    "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾",
    "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "薛", "叶", "阎", "余", "潘", "杜", "戴", "夏", "钟", "汪",
    "田", "任", "姜",
];

/// Given names.
pub const GIVEN: &[&str] = &[
    "一鸣", "思远", "雨桐", "浩然", "子涵", "佳宁", "志强", "晓琳", "明哲", "静怡", "俊杰", "诗涵", "宇航", "欣然",
    "文博", "可欣", "天宇", "梦洁", "建国", "丽华", "海涛", "玉兰", "立新", "春燕", "国栋", "秀英", "永康", "红梅",
    "振华", "桂芳", "晨曦", "若溪", "景行", "知夏", "怀瑾", "清越", "望舒", "亦凡", "子墨", "书瑶",
];

/// Cities by region.
pub const CITIES: &[(&str, &[&str])] = &[
    ("华东", &["上海", "苏州", "杭州", "宁波", "无锡", "常州", "南京", "绍兴"]),
    ("华北", &["北京", "天津", "石家庄", "太原", "唐山", "保定", "济南", "青岛"]),
    ("华南", &["深圳", "广州", "佛山", "东莞", "厦门", "珠海", "惠州", "中山"]),
];

/// First parts of company names.
pub const FIRST: &[&str] = &[
    "恒力", "天工", "云栖", "海工", "瑞丰", "启光", "凌川", "博睿", "清源", "远景", "锐科", "明基", "众联", "华晟",
    "中科", "安康", "立川", "宏远", "恒泰", "昆仑", "瑞科", "德诚", "金诺", "普惠", "盛达", "联创", "汇通", "正泰",
    "新锐", "同方", "顺达", "百川", "泰和", "东昇", "嘉禾", "星辰",
];

/// First parts of the names of companies that are no customers yet.
pub const PROSPECTS: &[&str] =
    &["鸿图", "万象", "卓立", "领航", "百汇", "天合", "明德", "金石", "瀚海", "青松", "云帆", "启明"];

/// The cities of a region.
pub fn cities(region: &str) -> &'static [&'static str] {
    CITIES.iter().find(|(name, _)| *name == region).map_or(&["上海"], |(_, cities)| cities)
}

/// Second parts of company names with their industry.
pub const SECOND: &[(&str, &str)] = &[
    ("轴承", "制造"),
    ("机械", "制造"),
    ("纺机", "制造"),
    ("模具", "制造"),
    ("环保", "环保"),
    ("智能", "电子"),
    ("激光", "电子"),
    ("精密", "电子"),
    ("电气", "电子"),
    ("包装", "消费品"),
    ("食品", "消费品"),
    ("医疗", "医药"),
    ("制药", "医药"),
    ("物流", "物流"),
    ("供应链", "物流"),
    ("新材料", "化工"),
    ("化工", "化工"),
    ("能源", "能源"),
];

/// Where business comes from.
pub const SOURCES: &[&str] = &["官网", "展会", "转介绍", "电话", "微信咨询", "渠道"];

/// The name of an account that no person stands behind.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Rep => "销售",
        Role::Manager => "主管",
        Role::Director => "总监",
        Role::Operations => "销售运营",
        Role::Finance => "财务",
        Role::Hr => "人事",
        Role::Auditor => "质量官",
        Role::Administrator => "管理员",
    }
}
