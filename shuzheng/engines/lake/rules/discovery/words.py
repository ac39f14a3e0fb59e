"""Words by which names, places and bodies are told apart, and what columns call themselves.

Source: surnames by frequency after 公安部 全国姓名报告 (2018-2020) and 百家姓.
"""

import re
from collections.abc import Mapping
from typing import Final

from shuzheng.engines.lake.types.discovery import Found

SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范廖石韦贾夏付方邹熊白孟秦邱侯江尹薛阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
    "康易乔赖文施洪季倪童管梅芦佟俞裴温祝纪关鲁耿詹庞纽左成项欧涂齐骆梁尤殷牛华游包司柏宁阮桂辛聂焦饶柯"
    "申冷屈路单兰米娄简解岳柴翟宫曲牟宗鲍滕艾商柳祁匡盛刁路邢佘卓靳席苗甘翁岑隋池古瞿卞车房蒙全燕闵楚党盖"
    "晏郎郁伍宿强窦谷代景费胥褚楼凌卜应慕尚葛奚郗储计伏戚邬臧昝束穆茅支喻舒柏水章云昌花俟糜封芮羿靖松井巫乌弓"
    "牧隗山全班仰秋仲伊仇栾暴厉戎祖符刘詹束幸司韶郜黎蓟薄印怀蒲邰从鄂索咸籍卓蔺屠乔阴能苍双闻莘党贡劳逄姬扶堵冉宰郦雍却璩桑濮"
    "寿通边扈冀浦农别庄晏瞿阎充连茹习宦鱼容古慎戈庾终暨居衡步都满弘国广禄阙东利蔚越夔隆师巩厍晁勾敖融訾辛阚那空曾毋沙乜养鞠须丰巢蒯相查荆红竺权逯盖益桓仝肇智敬揭初原占"
    "傅金霍裘安贝明和元平於皮卞酆樊纵褟佘信丛庹迟斐郐贠苟操疏银玄亓相门苑檀邸蹇海晋况寇植綦楮鹿赫练曲阳但帅缪缑帖药粟戢"
)
"""First characters of single surnames, some five hundred."""
SURNAMES_COMMON: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
"""The hundred commonest, which some 85 in 100 people bear."""
COMPOUND: Final = frozenset(
    re.findall(
        r"..",
        "欧阳司马上官诸葛司徒司空东方皇甫尉迟公孙令狐慕容夏侯端木南宫宇文长孙轩辕闻人钟离独孤呼延百里东郭"
        "西门公羊澹台濮阳淳于单于申屠太叔仲孙赫连万俟拓跋第五鲜于闾丘亓官司寇子车颛孙巫马公西漆雕乐正壤驷"
        "公良夹谷宰父谷梁段干东门南门左丘梁丘完颜纳兰叶赫范姜",
    )
)
GIVEN: Final = frozenset(
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂红玉梅华建国文志俊海龙凤春秋云飞鹏宇浩然子轩梓涵欣怡雨晨辰思佳琪瑞婷雪琳"
    "慧莹莉萍燕玲珍珠彩菊香荣爱凤洁素贞莲真环翠雅芝月嘉琼勤岚柔竹馨瑶倩蓉薇眉君琴颖露伊晓欢枫筠融园艺咏卿聪澜纯毓悦昭冰爽茗羽希宁"
    "欣飘育滢馥宝家峰健世广义兴良海山仁波贵福生元全胜学祥才发武新利清彬富顺信安斌栋民友裕河哲江茂进有坚和彪博诚先敬震振壮会群豪心邦承乐绍功松善厚庆民友裕礼"
    "泽恒毅林永成康光达凯辉力东亮政谦亨奇固之轮翰朗伯宏言若鸣朋梁维启克伦翔旭士以建致树炎德行时泰盛雄琛钧冠策腾楠榕航弘中正"
    "忠孝贤修鑫睿坤朝锋锐耀焱瀚昊天一诺皓轩奕沐妍妤菲诗语彤嫣然婉婕媛娥妹淑惠巧美娇姣媚琬瑜瑾璐璇玥珊珂琦璟珺珏琰瑛颜雯霏霖蕾蓓芸苗茵菁菡萱蔓芷若柏桐楷楚杉森林栋梓柯"
    "少传培根喜银来道锦长宗继守允运双四双方连显立汉怀景昌鹤骏骥虎彦卓越尧舜禹启硕甫章尚书存希远近野渊源湛润泓淼溪澄涟润晴昕晗晟晖晶智暄曼"
    "夏冬苏秦可依心念忆慕悠恬恩惜翊翎翠翘舒畅诠诣谊赫超逸逊道郁钰铭锴镇闻阳陆陶隽雁霄靖韬韵骁魁麒黛勋勉勖勃劲加"
)
"""Characters that given names are made of."""
NOT_GIVEN: Final = frozenset(
    "县区市镇乡村路街巷省州店厂局部处科室院校所站馆库瓜菜豆肉鱼蛋奶油盐酱醋茶酒米面粉糖果桃蕉葱蒜椒薯笋菇鸡鸭鹅牛羊猪虾蟹布纱衣裤鞋帽袜桌椅床柜灯锅碗盘杯瓶箱袋板管线泵阀机器具件品类型号级组队班期项额费税款单证"
    "色味料药剂丸片膏散汤糕饼"
)
"""Characters that end the names of places, bodies and goods, and hardly ever those of persons."""
BODIES: Final = re.compile(
    r"(?:有限公司|有限责任公司|股份公司|公司|集团|合作社|事务所|经营部|服务部|工作室|商行|商店|超市|酒店|饭店|宾馆|餐馆|"
    r"门市部|加工厂|[木纸砖机]厂|厂|银行|支行|分行|信用社|农场|家庭农场|合伙企业|(?:有限合伙)|基金会|协会|学会|商会|"
    r"医院|卫生院|诊所|药房|大学|学院|中学|小学|学校|幼儿园|委员会|人民政府|办公室|管理局|局|法院|检察院|研究院|研究所|中心|"
    r"便利店|专卖店|[饭药书粮花][店]|理发店|五金店|养殖场|种植园|店|总社|联合社|村委会|居委会|派出所|税务所|管理所)"
    r"(?:[（(][^）)]{1,20}[）)])?"
)
DIVISION: Final = re.compile(r"[一-龥]{1,8}?(?:省|自治区|市|自治州|地区|盟|县|区|旗|镇|乡|街道|村|社区|开发区)")
DETAIL: Final = re.compile(
    r"(?:路|街|道|巷|弄|胡同|大街|大道|里|小区|花园|苑|村|庄|屯|寨|湾|组|园|城|府|广场|大厦|社区|镇|乡|街道|队|冲|岗|郢)"
    r"[^，。；]{0,14}?[0-9０-９一二三四五六七八九十百甲乙东西南北A-Za-z]{1,6}"
    r"(?:号|栋|幢|座|楼|单元|室|组|户|弄|号院|队|-[0-9]|层|[#＃])"
)
"""A house, a unit, a room, a group of a village: what makes of a place somebody's address."""

HINTS: Final[Mapping[Found, re.Pattern[str]]] = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        Found.IDENTITY: r"身份证|身份号码|公民身份|证件号|id_?no\b|id_?card|identity|sfz|zjhm|gmsfhm",
        Found.PASSPORT: r"护照|通行证|回乡证|台胞证|passport|hzhm",
        Found.USCC: r"统一社会信用|信用代码|组织机构代码|uscc|credit_?code|tyshxydm",
        Found.MOBILE: r"手机|移动电话|联系电话|联系方式|电话|mobile|phone|sjh|lxdh",
        Found.LANDLINE: r"固定电话|座机|电话|传真|landline|\btel|phone|fax|lxdh",
        Found.BANK_CARD: r"银行卡|卡号|社保卡|账号|账户|帐号|bank_?card|card_?no|yhkh|yhzh",
        Found.BANK_ACCOUNT: r"银行账号|银行账户|开户账|收款账|付款账|对公账|银行帐|account_?no|bank_?account|yhzh",
        Found.PERSON_NAME: r"姓名|法定代表人|法人代表|负责人|联系人|经办人|户主|监护人|配偶|父亲|母亲|当事人|"
        r"申请人|person_?name|full_?name|xingming|\bxm\b|\bname\b|contact|owner",
        Found.FIRM_NAME: r"企业名称|单位名称|公司名称|机构名称|单位|企业|机构|商户|firm|company|org_?name|qymc|dwmc",
        Found.ADDRESS: r"地址|住址|住所|居住地|坐落|户籍|家庭住|address|\baddr|zhuzhi|dizhi|\bzz\b",
        Found.BIRTH_DATE: r"出生|生日|birth|\bdob\b|csrq|csny",
        Found.EMAIL: r"邮箱|邮件|e_?mail",
        Found.PLATE: r"车牌|号牌|牌照|plate|cphm|hphm",
        Found.VIN: r"车架|车辆识别|\bvin\b|clsbdh",
        Found.LICENCE: r"许可证|证书编号|证照|执照|注册号|登记号|产权证|证号|资格证|licen[cs]e|cert|permit|zsbh|xkz",
        Found.LONGITUDE: r"经度|longitude|\blng\b|\blon\b|\bjd\b",
        Found.LATITUDE: r"纬度|latitude|\blat\b|\bwd\b",
        Found.COORDINATES: r"经纬|坐标|位置|定位|coord|location|\bgps\b|point",
        Found.SPECIAL: r"病史|病情|诊断|疾病|病种|过敏|血型|传染|残疾类|精神障碍|用药|医嘱|基因|"
        r"指纹|人脸|虹膜|声纹|掌纹|宗教|信仰|性取向|婚史|犯罪|前科|密码|口令|验证码|diagnos|disease|medical|fingerprint|face_?feature|religion|"
        r"password|passwd|\bcvv\b|biometric",
    }.items()
}
AGAINST: Final[Mapping[Found, re.Pattern[str]]] = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        Found.IDENTITY: r"订单|流水|单号|order|serial|\bseq",
        Found.MOBILE: r"订单|流水|单号|金额|编号|order|serial|amount|\bseq",
        Found.BANK_CARD: r"订单|流水|单号|编号|order|serial|设备|imei",
        Found.BANK_ACCOUNT: r"订单|流水",
        Found.PERSON_NAME: r"产品|商品|品名|地名|乡镇|村|街道|路名|区划|部门|科室|"
        r"单位|企业|品种|颜色|民族|岗位|职务|类别|类型|状态|小区|景点|"
        r"product|goods|place|town|village|brand|category",
        Found.BIRTH_DATE: r"成立|登记|注册|签发|有效|竣工|办理|办结|受理|"
        r"创建|更新|开工|申请|核准|发证|交易|入库|建成|"
        r"create|update|issue|expire|order|register|built|found",
        Found.LONGITUDE: r"金额|单价|价格|数量|面积|amount|price|温度|重量",
        Found.LATITUDE: r"金额|单价|价格|数量|面积|amount|price|温度|重量",
        Found.LANDLINE: r"订单|流水|单号|编号|order|serial",
        Found.ADDRESS: r"网址|url|ip_?addr|mac",
    }.items()
}


def hinted(kind: Found, names: str) -> bool:
    """Tell whether what a column calls itself speaks for a kind, and not against it."""
    pattern = HINTS.get(kind)
    return pattern is not None and pattern.search(_parted(names)) is not None and not denied(kind, names)


def denied(kind: Found, names: str) -> bool:
    """Tell whether what a column calls itself speaks against a kind."""
    pattern = AGAINST.get(kind)
    return pattern is not None and pattern.search(_parted(names)) is not None


def _parted(names: str) -> str:
    """Return names in which `_` bounds words, so that `lat` is a word in `owner_lat`."""
    return f"{names} {names.replace('_', ' ')}"
