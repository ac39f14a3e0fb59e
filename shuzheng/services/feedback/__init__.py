"""Feedback (好差评): the applicant rates a closed case once, five levels.

Source: 国办发〔2019〕51号《国务院办公厅关于建立政务服务“好差评”制度提高政务服务水平的意见》.

Main flow: a case closes → `rate_case` once → `find_rating` shows it on the case page.
Public: action `rate_case`; queries `find_rating`, `may_rate_case`.
"""
