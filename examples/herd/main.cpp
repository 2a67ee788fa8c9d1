// SPDX-License-Identifier: MIT
#include "herd/chart.hpp"
#include "herd/command_line.hpp"
#include "herd/output.hpp"
#include "herd/report.hpp"
#include "herd/table.hpp"

#include <exception>
#include <iostream>
#include <stdexcept>
#include <variant>

namespace {

herd::report run(const herd::aws_options& how) { return herd::run_aws(how); }
herd::report run(const herd::vonage_options& how) { return herd::run_vonage(how); }
herd::report run(const herd::outage_options& how) { return herd::run_outage(how); }
herd::report run(const herd::sms_options& how) { return herd::run_sms(how); }
herd::report run(const herd::explain_options& how) { return herd::run_explain(how); }
herd::report run(const herd::scenario_options& how) { return herd::run_scenario(how); }

void check_outputs(const herd::request& wanted) {
    if (!wanted.csv.empty() && wanted.csv != "-") herd::check_output("--csv", wanted.csv);
    if (!wanted.svg.empty()) herd::check_output("--svg", wanted.svg);
}

void show(const herd::report& r, const herd::request& wanted) {
    const auto figures = herd::to_csv(r.figures);
    if (!wanted.svg.empty()) herd::write_output("--svg", wanted.svg, herd::to_svg(r.picture));
    if (!wanted.csv.empty() && wanted.csv != "-") herd::write_output("--csv", wanted.csv, figures);
    std::cout << (wanted.csv == "-" ? figures : herd::to_text(r.summary));
    if (wanted.csv != "-" && !r.note.empty()) std::cout << r.note << '\n';
    std::cout.flush();
    if (!std::cout) throw std::runtime_error{"standard output cannot be written"};
}

}  // namespace

int main(int argc, char** argv) {
    const auto command = herd::read_command_line(argc, argv);
    if (!command.wanted) {
        (command.status == 0 ? std::cout : std::cerr) << command.text;
        return command.status;
    }
    try {
        check_outputs(*command.wanted);
        const auto r =
            std::visit([](const auto& how) { return run(how); }, command.wanted->scenario);
        show(r, *command.wanted);
        return 0;
    } catch (const std::invalid_argument& e) {
        std::cerr << "bide-herd: " << e.what() << '\n';
        return 2;
    } catch (const std::exception& e) {
        std::cerr << "bide-herd: " << e.what() << '\n';
        return 1;
    }
}
