select * from person
select * from base.main.person
select * from base.person
select * from "base"."main"."person"
select * from PERSON p where p.dept_id=9
select p.id_no from person as p
select * from "Person"
with person as (select * from base.main.person) select * from person
with person as (select * from person) select * from person
with x as (with person as (select 1 a) select * from person) select count(*), max(id_no) from person
select * from (with person as (select 1 a) select * from person) q, person
with recursive person as (select pid,id_no from person union all select pid,id_no from person where false) select * from person
with a as (select 1) select * from person union all select * from base.main.person
select (select max(id_no) from base.main.person)
select * from dept d where exists (select 1 from base.main.person p where p.dept_id=d.dept_id and p.id_no like '%1')
select count(*) from person where id_no='310101199001011234'
select count(*) from person where id_no like '%1234'
select id_no from person order by id_no desc limit 3
select pid from person order by income desc, pid limit 3
select max(income), min(income), sum(income) from person
select count(*) from person where income > 2000
select count(*) from person p join (values ('3101011990010100'||'11')) v(x) on p.id_no=v.x
select dept_id, count(*) from person group by all
select d.dname, count(p.pid) from dept d left join person p using (dept_id) group by 1
select * from information_schema.tables
select * from information_schema.columns where table_name='person'
select * from duckdb_tables()
select * from duckdb_views()
select * from duckdb_columns()
select * from pg_catalog.pg_class
select * from sqlite_master
select * from duckdb_settings()
select * from pragma_storage_info('base.main.person')
select * from read_parquet('x.parquet')
select * from 'w0.duckdb'
select * from "w0.duckdb"
select * from read_csv('/etc/passwd')
select * from glob('*')
select content from read_text('/etc/hostname')
select getenv('HOME')
select current_setting('secret_directory')
from query('select * from base.main.person')
from query_table('base.main.person')
from query_table(['person'])
from json_execute_serialized_sql(json_serialize_sql('select * from base.main.person'))
pivot person on dept_id using count(*)
pivot base.main.person on dept_id using max(id_no)
select * from (pivot base.main.person on dept_id using max(id_no))
unpivot person on name into name n value v
select * from person positional join base.main.person
select * from person positional join person q
select columns('id.*') from person
select columns(c -> c like 'id%') from base.main.person
select * exclude (name) from person
select * replace (id_no as name) from person
select person from person
select unnest(list(id_no)) from base.main.person
select p.* from person p, lateral (select * from base.main.person b where b.pid=p.pid) l
select name /* base */ from person -- x
select name from person; select * from base.main.person
select name from person; drop table person
/*!50000 select * from base.main.person */ select 1
select “name” from person
select name from person where name = ‘x’
select * from person where dept_id=9
table base.main.person
table person
describe base.main.person
summarize base.main.person
show tables
explain analyze select * from base.main.person
copy (select * from base.main.person) to 'o.csv'
export database 'o'
attach 'w1.duckdb' as z
pragma database_list
set variable x = (select max(id_no) from base.main.person)
create macro m() as table select * from base.main.person
create temp view person as select * from base.main.person
prepare q as select * from base.main.person
execute q
call query('select 1')
use base
select count(*) from person where code::int >= 0
select count(*) from person where cast(code as int) + 1 > 0
select count(*) from person where case when code='bad' then error('x') else true end
select count(*) from person where 1/(case when code='bad' then 0 else 1 end) > 0
select count(*) from person where 1//(case when code='bad' then 0 else 1 end) > 0
select count(*) from person where strptime(code,'%d') is not null
select count(*) from person where date '2020-01-01' + (case when code='bad' then 9999999 else 1 end)::int > date '1900-01-01'
select count(*) from person where repeat(code, case when code='bad' then 2000000000 else 1 end) <> ''
select count(*) from person where lpad(code, case when code='bad' then 2000000000 else 1 end,'x') <> ''
select count(*) from person where regexp_matches('a', code||'(')
select count(*) from person where (select count(*) from person q where q.code=person.code) > 0
select stats(id_no) from person limit 1
select rowid from person
select p.rowid, b.id_no from person p join base.main.person b on p.rowid=b.rowid
select nextval('s')
select * from person tablesample 10 rows
select * from person at (version => 1)
select row_number() over (order by id_no), id_no from person qualify row_number() over (order by id_no)<3
select * from person where pid in (select pid from base.main.person where income>3000)
select * from person where (pid, dept_id) in (select pid, dept_id from base.main.person where income>3000)
select * from sec.main.person
select sec.main.person.name from person
select base.main.person.id_no from person
select hash(id_no), md5(id_no) from person limit 3
select approx_count_distinct(id_no), count(distinct id_no) from person
select * from (values (1)) person(id_no)
select * from generate_series(1,3)
from person select id_no
select list_transform([1], x -> (select max(id_no) from base.main.person))
select * from person asof join base.main.person b on person.pid>=b.pid
(select * from base.main.person)
select * from (select * from (select * from ((base.main.person))))
select * from person natural join base.main.person
with a as materialized (select * from base.main.person) select * from a
select * from person where id_no = any(select id_no from base.main.person)
merge into person using person q on true when matched then delete
select max(b.income) filter (where b.dept_id=9) from dept d, base.main.person b
select 'x' from person group by cube(id_no, name) having max(code)='bad'
select * from duckdb_logs
select * from read_duckdb('w1.duckdb')
select getvariable('x')
select try(code::int) from person limit 2
select * from person where current_query() like '%base%'
select current_query(), current_schemas(true), txid_current()
select count(*) from person where code = 5
select count(*) from person where code in (1, 2)
select count(*) from person where code between 1 and 5
select count(*) from person p join dept d on p.code = d.dept_id
select count(*) from person where case code when 1 then true else false end
select coalesce(code, 1) from person order by pid limit 3
select code from person union all select 1
select count(*) from person where pid * 9223372036854775807 > 0
select count(*) from person where pid + 9223372036854775000 > 0
select count(*) from person where -(pid - 9223372036854775807 - 1) > 0
select count(*) from person where pid % (case when code = 'bad' then 0 else 1 end) = 0
select count(*) from person where make_date(2000, case when code = 'bad' then 13 else 1 end, 1) is not null
select count(*) from person where ln(case when code = 'bad' then 0 else 1 end) >= 0
select count(*) from person where sqrt(case when code = 'bad' then -1 else 1 end) >= 0
select count(*) from person where pow(10, case when code = 'bad' then 400 else 1 end) > 0
select count(*) from person where exp(case when code = 'bad' then 100000 else 1 end) > 0
select count(*) from person where abs(case when code = 'bad' then -9223372036854775808 else 1 end) > 0
select count(*) from person where date '2020-01-01' + to_days(case when code = 'bad' then 2000000000 else 1 end) > date '2000-01-01'
select count(*) from person where date_trunc(case when code = 'bad' then 'nonsense' else 'month' end, date '2020-01-01') is not null
select count(*) from person where date_part(case when code = 'bad' then 'nonsense' else 'year' end, date '2020-01-01') > 0
select count(*) from person where strftime(date '2020-01-01', case when code = 'bad' then '%!' else '%d' end) <> ''
select count(*) from person where try_strptime(code, '%d') is not null
select count(*) from person where 'a' like code escape case when code = 'bad' then 'xx' else '$' end
select count(*) from person where 'a' similar to code
select count(*) from person where substr(name, case when code = 'bad' then -9223372036854775808 else 1 end) <> ''
select count(*) from person where [1, 2][case when code = 'bad' then 9223372036854775807 else 1 end] = 1
select count(*) from person where list_value(1)[1] = 1 and code::int > 0
select count(*) from person where round(pid, case when code = 'bad' then 2000000000 else 1 end) >= 0
select count(*) from person where (select code::int) > 0
select count(*) from person where cast('1' || code as int) > 0
select count(*) from person where code::date is not null
select count(*) from person where code::decimal(2, 1) > 0
select sum(cast(code as int)) from person
select sum(pid * 1000000000000000) from person
select count(*) from person having max(code) = 'bad'
select * from person where name = '张三丰'
select * from person where income = 1000
select * from person where income is null order by pid limit 2
select count(*) from person where id_no = '310101199001010000'
select count(distinct id_no) from person
select min(id_no), max(id_no) from person
select p.pid from person p join person q on p.id_no = q.id_no where p.pid <> q.pid order by 1 limit 5
select name, count(*) from person group by name order by 2, 1 limit 5
select rank() over (order by income desc), pid from person order by 2 limit 5
select lag(id_no) over (order by income) from person order by 1 limit 3
select pid, name from person order by income desc, id_no limit 5
select pid from person limit 5
select pid from person offset 5 limit 5
select first(pid), last(pid), any_value(code), mode(code) from person
select arg_max(pid, income) from person
select median(income), quantile_cont(income, 0.5) from person
select list(code) from person where pid < 20
select string_agg(code, ',') from person where pid < 20
select * from (with sqlite_master as (select 1) select * from sqlite_master) q, sqlite_master
select * from (with duckdb_views as (select 1) select * from duckdb_views) q, duckdb_views
select * from (with pragma_database_list as (select 1) select * from pragma_database_list) q, pragma_database_list
with x as (select 1 a) select * from x, (with x as (select id_no from person) select * from x) y limit 3
select * from "~x"
select "~subject" from person
select person."~subject" from person
select * from "subject of person"
select * from "sec"."main"."subject of person"
select * replace (1 as "~subject") from person
select * exclude ("~subject") from person order by pid limit 2
select count(*) from person group by "~subject"
select p from person p order by p.pid limit 2
select p.id_no.x from person p
select struct_extract(p, 'income') from person p limit 1
select unnest(p) from (select p from person p) t(p) limit 1
select _row, _batch from person
select _landed_at from person
select person.* from person order by pid limit 2
select * from PERSON order by 1 limit 1
select * from ｐｅｒｓｏｎ
select * from person, person p2, person p3 where 1 = 0
select * from person semi join dept using (dept_id) order by pid limit 2
select * from person anti join dept using (dept_id)
select * from dept anti join person using (dept_id)
select * from dept d where not exists (select 1 from person p where p.dept_id = d.dept_id)
select dname from dept where dept_id not in (select dept_id from person)
select count(*) from person full join dept using (dept_id)
select d.dept_id, count(*) from person p right join dept d using (dept_id) group by 1 order by 1
select * from person cross join (select 1) t order by pid limit 1
select * from read_parquet(['x'])
select * from parquet_metadata('x')
select * from parquet_schema('x')
select * from delta_scan('x')
select * from sniff_csv('x')
select * from duckdb_functions()
select * from duckdb_memory()
select * from duckdb_temporary_files()
select * from pragma_table_info('sec.main.person')
select * from pragma_metadata_info()
select * from which_secret('x', 'y')
select * from test_all_types()
select * from range(3)
select * from unnest([1, 2])
select unnest([1, 2, 3])
select error('x')
select sleep_ms(100)
select write_log('x')
select current_setting('threads')
select version()
select uuid(), random(), gen_random_uuid()
select "open person income"(null)
select sha256(id_no) from person limit 1
select md5(id_no) from person limit 1
select to_json(p) from person p limit 1
select json_serialize_sql('select 1')
select format('{}', id_no) from person limit 1
select printf('%s', id_no) from person limit 1
select repeat(name, 3) from person limit 1
select alias(id_no), typeof(income) from person limit 1
select add_parquet_key('k', 'v')
select query_table(person) from person
select list_transform([1], lambda x: x + 1)
select [x for x in [1, 2]]
select name from person using sample 10
select name from person where pid = $1
select name from person where pid = ?
select name into temp from person
select name from person for update
select name from person order by all limit 3
select name from person group by all order by 1 limit 3
select name from person union select dname from dept order by 1 limit 3
select name from person except select dname from dept order by 1 limit 3
select name from person intersect select name from person order by 1 limit 3
(select name from person) union by name (select dname from dept) limit 1
from person
from person select name where dept_id = 9
values (1)
select (select id_no from person order by pid limit 1)
select case when exists (select 1 from person where dept_id = 9) then 1 else 0 end
select count(*) from person where dept_id = 9 or 1 = 1
select count(*) from person where (dept_id, pid) = (9, 3)
select count(*) from person where row(dept_id, pid) in (select dept_id, pid from person)
select count(*) filter (where dept_id = 9), count(*) from person
select grouping(dept_id), dept_id, count(*) from person group by rollup (dept_id) order by 1, 2
select approx_count_distinct(pid) from person where code <> 'bad'
select regexp_extract(code, '(') from person
select regexp_matches(code, '^[0-9]$'), count(*) from person group by 1
select count(*) from person where regexp_full_match(code, code)
select extract(epoch from date '2020-01-01')
select '\'; select * from base.main.person --
select 1 as "select * from x", name from person order by pid limit 1
select * from memory.main.person
select * from main.person
select "subject of person" from person
select p."subject of person" from person p
select * exclude (pid) from person
select p.* from person p where p."subject of person" like '3%'
select * replace ("subject of person" as name) from person
select l.* from person p, lateral (select p.*) l
select l.* from person p, (select p.*) l
select row(p) from person p
select struct_extract(p, 'subject of person') from person p
select unnest(p) from person p
select p::varchar from person p
select to_json(p) from person p
select count(*) from (select * from person) q where q."subject of person" is not null
with q as (select * from person) select * from q
with q as (select p.* from person p) select q.* from q
with q as (select * from person), r as (select * from q) select * from r
with q(a, b, c, d, e, f, g) as (select * from person) select a, c from q
select * from (select * from person) q(a, b, c, d, e, f, g, h)
select * from (select * from person limit 5) a natural join (select * from person) b
select * from person union all select * from person
select * from person except select * from person where pid > 50
select * from person intersect select * from person where pid < 50
select distinct * from person where pid < 50
select * from person order by all limit 9
select * from person a semi join person b on a.pid = b.pid + 1
select * from person a anti join person b on a.pid = b.pid + 1
select * from person a full join dept d on a.dept_id = d.dept_id order by pid limit 5
select * from secret
select * from secret limit 0
select count(*) from secret
select 1 from person where exists (select 1 from secret)
with secret as (select 1 a) select * from secret
select count(*) from person where (date '1950-01-01' + pid::int) < date '1970-01-01'
select month((date '1950-01-01' + pid::int)), count(*) from person group by 1
select max((date '1950-01-01' + pid::int)), min((date '1950-01-01' + pid::int)) from person
select count(*) from person where (date '1950-01-01' + pid::int) = date '1950-06-01'
select count(*) from person where name like '_三_'
select count(*) from person where name = '张三丰'
select count(*) from person where id_no in (select id_no from person where dept_id = 9)
select count(distinct id_no), count(distinct name) from person
select avg(income), count(income) from person
select count(*) from person where income is null
select pid from person where coalesce(income, 1) > 1500
select sum(pid) from person
select max(pid) from person
select list(code order by pid) from person where dept_id <> 1
select count(*) from person where ln(case when code like 'b%' or code like 'w%' then -1 else 1 end) = 0
select count(*) from person where sqrt(case when code like 'b%' then -1 else 1 end) > 0
select count(*) from person where (case when code like 'b%' then 9223372036854775807 else 1 end) + pid > 0
select count(*) from person where (case when length(code) = 3 then 9223372036854775807 else 1 end) * 2 > 0
select count(*) from person where strptime(code, code) is not null
select count(*) from person where regexp_matches(code, case when length(code) = 3 then '(' else '.' end)
select count(*) from person where regexp_matches('a', case when length(code) > 2 then '(' else '.' end)
select count(*) from person where date_trunc(case when length(code) > 2 then code else 'year' end, (date '1950-01-01' + pid::int)) is not null
select count(*) from person where date_part(case when length(code) > 2 then code else 'year' end, (date '1950-01-01' + pid::int)) > 0
select count(*) from person where substr('abc', case when length(code) > 2 then 9223372036854775807 else 1 end, 1) = 'a'
select count(*) from person where like_escape(code, code, code)
select count(*) from person where code like code escape case when length(code) > 2 then code else '!' end
select count(*) from person p join person q on p.code::int = q.pid
select count(*) from person p join dept d on d.dept_id = p.code::int
select count(*) from dept d where (select max(code::int) from person p where p.dept_id = d.dept_id) > 0
select d.dept_id, (select max(p.code::int) from person p where p.dept_id = d.dept_id) from dept d
select count(*) from person having max(code::int) > 0
select sum(code::int) over () from person limit 1
select dept_id, code from person qualify row_number() over (partition by code order by pid) = 1
select cast(code as decimal(2, 1)) from person order by 1 desc nulls last limit 1
select code::date from person limit 1
select json(code) from person
select from_hex(code) from person
select decode(code::blob) from person
select make_date(pid::int % 9000 + 1, 1, 1) from person
select chr(pid::int) from person
select printf(code, 1) from person
select format(code, 1) from person
select nextval(code) from person
select sleep(1)
select repeat('x', 1500000000)
select lpad('x', 1500000000, 'x')
select rpad('x', 1500000000, 'x')
select range(1000000000)
select list_resize([1], 1000000000)
select array_to_string(list(id_no), ',') from base.main.person
select histogram(id_no) from person
select md5(id_no), sha256(id_no) from person
select hash(code) from person
select sha256(code) from person
select "open person income"(code::blob) from person
select typeof(person) from person
select pg_typeof(id_no) from person
select alias(id_no) from person
select vector_type(id_no) from person
select current_user, current_database(), current_schema()
select * from pragma_table_info('memory.main.person')
select sql from duckdb_views
select view_definition from information_schema.views
select * from pg_views
select * from pg_catalog.pg_views
select * from temp.information_schema.tables
select * from system.information_schema.tables
select * from sniff_csv('/etc/passwd')
select * from read_blob('/etc/passwd')
select * from parquet_metadata('x.parquet')
select * from seq_scan('person')
select * from '/etc/passwd'
select * from 'https://example.org/x.csv'
install httpfs
load httpfs
set memory_limit = '100GB'
reset memory_limit
begin
vacuum
checkpoint
from person select *
select ?
select $1
select $name
select @name
select :name
select * from person where pid = ?
select * from person for update
select * into x from person
select * from person as of system time '2020-01-01'
select max(b.id_no) from person a, base.main.person b
select * from ((select * from person))
select * from person where (select 1 from base.main.person limit 1) = 1
select case when (select count(*) from base.main.person) > 0 then 1 end
select * from person order by (select max(id_no) from base.main.person)
select * from person limit (select count(*) from base.main.person)
select * from person limit (select max(code::int) from person)
select * from person offset (select count(*) from base.main.person where dept_id = 9)
select count(*) filter (where (select count(*) from base.main.person) > 0) from person
select sum(pid) over (order by (select max(id_no) from base.main.person)) from person
with a as (with b as (select * from base.main.person) select * from b) select * from a
with recursive a(n) as (select 1 union all select n + 1 from a where n < 5) select * from a
with recursive a as (select * from base.main.person union all select * from a) select * from a
select (with person as (select 1 x) select x from person)
select * from PERSON
select * from "PERSON"
select * from Person natural join person p
select ID_NO from person limit 2
select nothing from person
select person.nothing from person
select count(*) from person, person
select count(*) from person p, person p
select 1 +
select
;
select 1;;
select 'unclosed from person
select "unclosed from person
select /* unclosed from person
select * from person -- ; drop
select name from person where name = '张*丰' limit 3
select e'\\x00' from person
select x'00'
select b'1'
select 1::hugeint * 170141183460469231731687303715884105727
select 1 / 0
select 1 // 0
select 1 % 0
select date '9999-12-31' + 1
select interval 1 year + date '2020-02-29'
select [1, 2, 3][pid] from person limit 1
select {'a': id_no}.a from person limit 2
select map {'a': 1}
select array[1, 2]
select union_value(a := 1)
select enum_range(null)
select grouping(dept_id), dept_id, count(*) from person group by rollup (dept_id) order by all
select dept_id, code, count(*) from person group by grouping sets ((dept_id), (code)) order by all
select p.id_no, q.id_no from person p join person q on p.id_no = q.id_no order by all limit 5
select p.pid from person p where p.pid > all (select pid from base.main.person)
select p.pid from person p where exists (from base.main.person b where b.pid = p.pid)
select arg_max(id_no, income), arg_min(name, income) from person
select first(id_no order by pid), last(id_no order by pid), any_value(dept_id > 0) from person
select quantile_cont(pid, 0.5), mode(pid > 0), median(pid) from person
select ntile(4) over (order by income, pid) from person order by pid limit 5
select lag(id_no) over (order by pid) from person order by pid limit 5
select "~subject" from person p join dept using (dept_id)
select p."~subject" from (select * from person) p
select q."~subject" from (select * from person) q union all select 'x'
select * exclude (pid) from person union all select * exclude (pid) from person
select distinct * exclude (pid) from person
select nothing from person where nothing = 1
select person.incom from person
select p.nam from person p join dept d using (dept_id)
select _batch from person
select p._row from person p order by 1 limit 1
select count(*) from person where _landed_at is null
select count(case when id_no = '310101199001010000' then 1 end) from person
select sum(case when code = 'bad' then 1 else 0 end) from person
select name from person where pid < 9 union select name from person where dept_id = 9
select count(*) from person a join person b using (id_no)
