# `make report` and `make test` work on a Debian machine with git and a Swift toolchain.

DATASET ?= demo
DATA_DIR ?=
OUTPUT ?= report/$(DATASET)
REPORT_FLAGS ?=
QUICK ?=
LONG ?=
BUILD = swift build -c release

.PHONY: report test bench notebooks experiments dependencies clean

report: dependencies
	$(BUILD) --product redundancy-report
	.build/release/redundancy-report --dataset $(DATASET) \
	  $(if $(DATA_DIR),--data-dir $(DATA_DIR)) --output $(OUTPUT) $(REPORT_FLAGS)

test: dependencies
	$(BUILD) --build-tests
	swift test -c release --skip-build

# Redraws everything under figures/; uses the real data when DATA_DIR or ../shared/data is there.
notebooks: dependencies
	$(BUILD)
	for notebook in $(NOTEBOOKS); do .build/release/$$notebook || exit 1; done

NOTEBOOKS = 01_retrieval_overlap 02_covariance_spectrum 03_joint_maps 04_theorems 05_audit_a_data_set \
  12_audits_of_real_data

# Trains what the result tables need, hours on two cores; goes on where it was interrupted.
experiments: dependencies
	$(BUILD)
	for notebook in $(EXPERIMENTS); do .build/release/$$notebook || exit 1; done

EXPERIMENTS = 06_published_baselines 07_figure_3 08_table_2 09_table_3 10_table_4 11_figure_4

# Times everything beside its peers, half an hour to an hour; in two minutes on small shapes with
# QUICK=1, and on the largest as well with LONG=1.
bench:
	@tools/install-dependencies python3-venv
	for product in benchmarks redundancy-report clear-trainer; do \
	  $(BUILD) --product $$product || exit 1; done
	-Benchmarks/environment >/dev/null
	python3 Benchmarks/bench.py $(if $(QUICK),--quick) $(if $(LONG),--long) \
	  $(if $(DATA_DIR),--data-dir $(DATA_DIR))

dependencies:
	@tools/install-dependencies

clean:
	swift package clean
