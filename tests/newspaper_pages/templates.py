"""Sentence patterns; the names in braces are the slots that `facts.Facts` fills."""

from __future__ import annotations

HEADLINES = (
    "{place}{indicator}达{amount}",
    "{place}推动{object}提质增效",
    "{place}“一业一策”壮大{object}",
    "{object}：从“有没有”到“好不好”",
    "{place}{object}如何行稳致远？",
    "{place}{bureau}部署{few}项重点任务",
    "做强{object} 服务千家万户",
    "{place}{object}建设按下“快进键”",
    "《{document}》印发",
    "{place}：{object}让日子更红火",
    "前三季度{place}{indicator}增长{pct}",
    "“小切口”撬动{object}大变化——{place}调查",
    "{place}出台{few}条举措支持{object}",
    "{actor}为何看好{place}{object}",
    "让{object}成为{place}新名片",
    "{place}{object}试点名单公布",
    "{indicator}{amount}！{place}{object}再上台阶",
    "聚焦{object} {place}打出“组合拳”",
    "{place}{bureau}：把{object}办到群众心坎上",
    "{few}问{place}{object}",
)
KICKERS = (
    "深入学习贯彻党的二十届三中全会精神",
    "高质量发展调研行",
    "{place}推进{object}工作座谈会强调",
    "新春走基层",
    "聚焦民生实事办理",
    "{place}{bureau}负责人答记者问",
    "“十四五”这五年",
    "奋进的{few}年",
)
SUBTITLES = (
    "——{place}{object}发展观察",
    "——来自{place}{bureau}的报告",
    "——{actor}眼中的{object}",
    "——写在《{document}》实施一周年之际",
)
SUBHEADS = (
    "从“等上门”到“送上门”",
    "一张清单管到底",
    "让{actor}挑大梁",
    "补上{object}这块短板",
    "好机制带来新活力",
    "既要速度，更要质量",
    "算好长远账",
    "{indicator}背后的变化",
)
LEADS = (
    "{day}，记者从{place}{bureau}获悉，当地{object}建设取得新进展，截至目前{indicator}达到{amount}，"
    "比上年同期增长{pct}。",
    "近日，{place}{bureau}会同有关部门印发《{document}》，明确到2027年{object}的发展目标和"
    "{few}项保障措施。",
    "{day}，{place}召开{object}现场推进会。会议总结一年来的工作，分析面临的形势，部署下一阶段任务。",
    "{place}{bureau}{day}发布的数据显示，今年以来，{place}{object}保持良好势头，{indicator}为{amount}，"
    "同比提高{points}个百分点。",
    "走进{place}，说起{object}，{actor}的话匣子一下子打开了。",
    "{day}上午，{place}{object}项目正式投入使用，{actor}成为首批受益者。",
    "为期{few}天的{object}交流活动{day}在{place}落下帷幕，来自各地的{n}名代表参加。",
    "“没想到这么快就办好了！”{day}，在{place}{bureau}服务窗口，一位从事{object}工作的市民高兴地说。",
)
SENTENCES = (
    "{bureau}{post}{person}表示，下一步将{step}，{step2}，让更多{actor}得到实惠。",
    "据介绍，《{document}》共分{few}章{n}条，涵盖目标任务、推进路径、要素保障和监督评价等内容。",
    "数据显示，{indicator}由{year}年的{low}提高到{amount}，年均增长{pct}。",
    "为破解难题，当地{step}，并建立月调度、季通报和年考核的工作机制。",
    "“过去最愁的是找不到门路，如今有人手把手教，心里踏实多了。”{actor}代表{person}说。",
    "其中，{place2}、{place3}和{place4}位居前列，分别增长{pct}、{pct2}和{pct3}。",
    "业内专家认为，{object}涉及面广、链条长，既要尽力而为、久久为功，也要防止一哄而上。",
    "在{place}，{step}已经成为各部门的共识；与此同时，{step2}的做法也在逐步推开。",
    "记者了解到，项目总投资{money}亿元，建成后预计每年可服务{actor}{n}万人次以上。",
    "{person}告诉记者：“我们先后走访了{n}家单位，收集意见建议{n2}条，逐条研究答复。”",
    "围绕{object}，{bureau}{step}，累计解决具体问题{n}个，办结率为{pct}。",
    "与往年相比，今年的变化十分明显：{actor}参与的积极性更高，资金到位更快，群众的评价也更好。",
    "不少{actor}反映，手续比以前少了{few}项，办理时间由原来的{n}天缩短到{few}天。",
    "此外，{place}还将{step}，并对{object}实行名单管理、动态调整。",
    "从区域看，东部和中部地区{indicator}占比为{pct}，西部地区增速最快。",
    "会议要求，各地区各部门要提高认识、压实责任，统筹抓好{object}与安全生产工作。",
    "春节临近，{bureau}的值班电话依旧响个不停，{person}和同事们正忙着{step}。",
    "截至{day}，{place}共有{n}个县（市、区）启动{object}试点，覆盖人口{money}万人。",
    "按照计划，明年还将新增{low}的规模，重点支持{actor}开展技术培训和设备更新。",
    "“质量是立身之本。”{person}说，“只有把每一道工序做细做实，才能赢得市场的信任。”",
    "针对反映集中的堵点，当地{step}；对于短期难以解决的，列出清单、明确时限、专人跟踪。",
    "有了《{document}》撑腰，{actor}的底气更足，仅{year}年就带动相关投入{money}亿元。",
    "调查还显示，{pct}的受访者对{object}表示满意，比上一次调查高出{points}个百分点。",
    "夜幕降临，{place}的街头依然热闹，围绕{object}开展的宣传和咨询活动吸引了不少居民。",
    "采访中，记者发现，{step}看似是件小事，却关系到{actor}的切身利益。",
    "据{bureau}测算，这项改革每年可以为{actor}节省成本约{money}亿元。",
    "目前，{place}与{place2}已签署合作协议，双方将在人才、标准和数据等方面加强对接。",
    "要看到，{object}还面临资金缺口大、专业人才少等困难，需要{step}，{step2}。",
)
MEASURES = (
    "{ordinal}是{step}。围绕{object}的薄弱环节，明确{few}类重点事项，力争年内{indicator}增长{pct}以上。",
    "{ordinal}是{step}。鼓励{actor}和高校院所联合攻关，对符合条件的项目给予最高{money}万元补助。",
    "{ordinal}是{step}。坚持问题导向，建立部门协同、上下联动的推进机制，{step2}。",
    "{ordinal}是{step}。总结推广{place2}、{place3}等地的经验，形成可以复制的做法。",
)
CLOSINGS = (
    "{person}表示，将以实施《{document}》为契机，继续{step}，为高质量发展作出新的贡献。",
    "下一步，{bureau}将会同有关方面{step}，推动{object}走深走实。",
    "“日子有奔头，干活就有劲头。”谈起今后的打算，{person}充满信心。",
    "据悉，相关办法将于明年{few}月起施行，有效期5年。",
)
CAPTIONS = (
    "连日来，{place}{bureau}组织{actor}{step}，{object}建设一派繁忙景象。图为{scene}。",
    "{day}，在{place}，{scene}。近年来，当地把{object}作为富民产业来抓，{indicator}已达{amount}。",
    "上图：{scene}。{place}今年以来{step}，带动{n}户居民增收。",
    "图为{day}拍摄的{place}一处{object}现场，{scene}（无人机照片）。",
)
BRIEFS = (
    "{place}{bureau}{day}宣布，{object}{indicator}达到{amount}，提前完成全年任务。",
    "{place}近日启动{object}专项行动，计划用{few}个月时间{step}。",
    "由{place}{bureau}编制的《{document}》{day}起向社会公开征求意见，为期{n}天。",
)
