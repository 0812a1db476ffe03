# The portal's commands. `make run` and `make test` are all one needs; `make help` lists the rest.

SHELL := /bin/sh
PYTHON := .venv/bin/python
RUN_TESTS := $(PYTHON) -m pytest -n auto --dist worksteal
MESSAGES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
# A throwaway set-up for checks: nothing of .env, nothing of var/
CHECKED := ENV_FILE=/dev/null DATA_DIR=.venv/data-of-checks
# What a production machine sets, for `check --deploy`
PRODUCTION := $(CHECKED) DEMO=0 HTTPS=1 SECRET_KEY=only-for-this-check-0123456789-0123456789-0123456789 \
	ALLOWED_HOSTS=portal.example.cn SITE_TELEPHONE=0731-00000000 TRUSTED_PROXIES=127.0.0.1 OPEN_DATA_LICENCE=decided \
	INDEX_KEY=only-for-this-check-0123456789-0123456789 \
	FIELD_KEYS=b25seS1mb3ItdGhpcy1jaGVjay0wMTIzNDU2Nzg5MDE= BACKUP_KEYS=YmFja3Vwcy1mb3ItdGhpcy1jaGVjay0wMTIzNDU2Nzg=

# Some machines switch it on; without stored bytecode, every process of the tests compiles and rewrites all of them anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup installed run test test-pg audit sbom bench bench-circles bench-search manual format lock secret field-key \
	drill-database drill-deploy drill-disk drill-fuzz drill-kill drill-migrations drill-replica drill-restore drill-soak drill-time
.DEFAULT_GOAL := help

help: ## list the commands 列出命令
	@sed -n 's/^\([a-z-]*\):.*## /make \1: /p' Makefile

setup: .venv/installed .env $(MESSAGES) ## do all of `make run` but serve 只准备，不启动
	@$(PYTHON) manage.py prepare

run: setup ## set up and serve on PORT (default 8000) 准备并启动
	@$(PYTHON) manage.py show_demo_logins
	@exec $(PYTHON) -m gunicorn --config config/gunicorn.py config.wsgi

test: .venv/installed-dev $(MESSAGES) ## everything CI checks, on SQLite 全部检查和测试
	@$(PYTHON) -m tests.migrated & # on the other core, meanwhile
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m djlint --lint --quiet templates
	$(CHECKED) DEMO=1 $(PYTHON) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING
	$(RUN_TESTS) $(PYTEST)

test-pg: .venv/installed-dev $(MESSAGES) ## the tests on a PostgreSQL of its own 在PostgreSQL上再测一遍
	.ci/postgres $(RUN_TESTS) $(PYTEST)

bench: .venv/installed-dev $(MESSAGES) ## how fast the pages are, beside bare Django (ten minutes) 量一量网页有多快
	$(PYTHON) -m tests.benchmarks.site

bench-circles: .venv/installed-dev ## the circles' figures (STREETS=FILE.osm.pbf) 量一量服务圈的各项指标
	$(PYTHON) -m tests.benchmarks.circles

bench-search: .venv/installed-dev .env ## how long a search takes among 50,000 (any database) 量一量搜索要多久
	$(PYTHON) -m tests.benchmarks.search

drill-database: .venv/installed-dev ## the database goes away and comes back 演习：数据库停了、锁了、不见了，又回来
	$(PYTHON) -m tests.drills.database

manual: .venv/installed-dev $(MESSAGES) ## take the pictures of docs/manual anew 重新拍使用手册的图
	$(PYTHON) -m pytest -q -n 1 tests/journeys/take_manual_pictures.py

drill-restore: .venv/installed-dev ## back up under load, restore by docs/backup.md 演练备份和恢复
	$(PYTHON) -m tests.drills.restore

drill-disk: .venv/installed-dev ## a disk that is full: nothing by halves 演练磁盘满了
	$(PYTHON) -m tests.drills.disk

drill-migrations: .venv/installed-dev ## forwards, one step back, all rows the same 演练升级和退回一步
	$(PYTHON) -m tests.drills.migrations
	.ci/postgres $(PYTHON) -m tests.drills.migrations

drill-fuzz: .venv/installed-dev $(MESSAGES) ## every hostile text in every field (WHO=staff: hours) 演习：每个表单每一格都乱填一遍
	$(RUN_TESTS) tests/whole_site/test_fuzz.py --every-text -k $(or $(WHO),everybody)
	.ci/postgres $(RUN_TESTS) tests/whole_site/test_fuzz.py --every-text --everything -k $(or $(WHO),everybody)
	$(PYTHON) -m tests.drills.too_much

drill-kill: .venv/installed-dev ## many at once for the last seats, kill -9 under load 演习：抢最后几个名额，服务被强行杀掉
	$(PYTHON) -m tests.drills.kill

drill-time: .venv/installed-dev $(MESSAGES) ## midnight, deadlines, servers in other time zones 演习：半夜、截止时间、别的时区
	$(PYTHON) -m tests.drills.hours
	.ci/postgres $(PYTHON) -m tests.drills.hours

drill-soak: .venv/installed-dev $(MESSAGES) ## used for ten minutes on each database (MINUTES=60) 演习：连着用，看会不会越来越慢
	$(PYTHON) -m tests.drills.soak

drill-replica: .venv/installed-dev ## public pages out of a copy of the database 演习：读的人多，从副本读；副本慢了、坏了
	$(PYTHON) -m tests.drills.replica

drill-deploy: .venv/installed-dev ## the portal behind nginx: deployed, upgraded, rolled back 演习：装到nginx后面，升级，退回
	.ci/postgres $(PYTHON) -m tests.drills.deploy

format: .venv/installed-dev ## lay the code out 整理代码格式
	$(PYTHON) -m ruff check --fix-only --quiet .
	$(PYTHON) -m ruff format --quiet .

lock: .venv/installed ## requirements*.txt anew from pyproject.toml 重新锁定依赖
	$(PYTHON) -m pip install --quiet uv
	$(PYTHON) -m uv pip compile pyproject.toml --quiet --generate-hashes --universal --python-version 3.12 \
		--no-emit-index-url --upgrade -o requirements.txt
	$(PYTHON) -m uv pip compile pyproject.toml --quiet --group dev --generate-hashes --universal --python-version 3.12 \
		--no-emit-index-url --upgrade -c requirements.txt -o requirements-dev.txt
	$(PYTHON) -m uv pip compile --quiet --group audit --generate-hashes --universal --python-version 3.12 \
		--no-emit-index-url --upgrade -o .ci/requirements-audit.txt

audit: .venv/audit/installed ## known vulnerabilities of what we use (wants a network) 查用到的程序有没有已知漏洞
	@$(PYTHON) deploy/supply.py audit .venv/audit/bin/python $(AUDIT)

sbom: ## what the portal is made of, as CycloneDX (sbom.json) 写出软件物料清单
	@$(FIND_PYTHON); "$$python" deploy/supply.py sbom > sbom.json.new && mv sbom.json.new sbom.json && ls -l sbom.json

secret: ## print a new SECRET_KEY 生成密钥
	@$(FIND_PYTHON); "$$python" -c 'import secrets; print(secrets.token_urlsafe(50))'

field-key: ## print a new key for FIELD_KEYS 生成加密钥匙
	@$(FIND_PYTHON); "$$python" -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'

installed: .venv/installed $(MESSAGES) # what deploy/release.py asks for in the folder of a release

# --- what the commands need ------------------------------------------------------------------------------------------

# Sets $python to the first one that is new enough and can make a virtual environment, or says what to do.
define FIND_PYTHON
for python in python3 python3.13 python3.12 "$$(uv python find '>=3.12' 2>/dev/null)" ""; do \
	[ -n "$$python" ] || break; \
	"$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && break; \
done; \
if [ -z "$$python" ]; then \
	echo '需要 Python 3.12 或更新的版本（含 venv），请先安装，例如 apt install python3.13-venv 或 uv python install 3.13。' \
		'Python >= 3.12 with venv was not found: install it, e.g. with one of these two commands.' >&2; \
	exit 1; \
fi
endef

$(PYTHON):
	@$(FIND_PYTHON); "$$python" -m venv --clear .venv

.venv/installed: requirements.txt | $(PYTHON)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.venv/audit/installed: .ci/requirements-audit.txt | $(PYTHON)
	$(PYTHON) -m venv --clear .venv/audit
	.venv/audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/requirements-audit.txt
	@touch $@

# The gettext programs may be missing, so Babel compiles.
%.mo: %.po | .venv/installed
	@$(PYTHON) -m babel.messages.frontend --quiet compile --input-file $< --output-file $@

# A machine that is set up by its environment alone gets no file.
.env:
	@[ -n "$$SECRET_KEY$$DEMO" ] || { umask 077; printf '%s\n' \
		'# Written by make: a demo on this machine. .env.example explains every setting.' \
		'DEMO=1' "SECRET_KEY=$$($(MAKE) -s secret)" > $@; }
