// SPDX-License-Identifier: BSD-3-Clause
// What passes as an objective and as an update rule: the two ends of the waist.
#include <complex>
#include <type_traits>
#include <utility>

#include <gradus/core/types.hpp>
#include <gradus/nn/activation.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/loss.hpp>
#include <gradus/nn/mlp.hpp>
#include <gradus/nn/model.hpp>
#include <gradus/nn/two_layer.hpp>
#include <gradus/objective/concepts.hpp>
#include <gradus/objective/empirical_risk.hpp>
#include <gradus/objective/quadratic.hpp>
#include <gradus/objective/residuals.hpp>
#include <gradus/objective/span_risk.hpp>
#include <gradus/objective/test_functions.hpp>
#include <gradus/optim/adam.hpp>
#include <gradus/optim/diffgrad.hpp>
#include <gradus/optim/momentum.hpp>
#include <gradus/optim/projected.hpp>
#include <gradus/optim/rule.hpp>
#include <gradus/optim/scheduled.hpp>
#include <gradus/optim/sgd.hpp>
#include <gradus/optim/transformed_gradient.hpp>

namespace {

using gradus::ConstVectorRef;
using gradus::Index;
using gradus::Vector;
using gradus::VectorRef;
namespace nn = gradus::nn;
namespace objective = gradus::objective;
namespace optim = gradus::optim;

// ---- the smallest type of each kind, as a user would write it ----

struct Nothing {};
static_assert(!objective::Objective<Nothing>);
static_assert(!objective::Objective<double>);
static_assert(!objective::Objective<int (*)(int)>);

struct Plain {
  using Value = double;
  [[maybe_unused]] Index num_parameters() const { return 1; }
  [[maybe_unused]] double value(ConstVectorRef<double> theta) const { return theta(0); }
};
static_assert(objective::Objective<Plain>);
static_assert(!objective::HasGradient<Plain>);

struct Smooth : Plain {
  [[maybe_unused]] double value_and_gradient(ConstVectorRef<double> theta,
                                             VectorRef<double> gradient) const {
    gradient(0) = 1;
    return theta(0);
  }
};
static_assert(objective::HasGradient<Smooth>);
static_assert(!objective::HasHvp<Smooth>);
static_assert(!objective::HasMinibatches<Smooth>);
static_assert(!objective::HasPerExampleGradients<Smooth>);

struct IntegerValued {
  using Value = int; // not a Scalar
  [[maybe_unused]] Index num_parameters() const { return 1; }
  [[maybe_unused]] int value(const Vector<int>& theta) const { return theta(0); }
};
static_assert(!objective::Objective<IntegerValued>);

struct NoState {
  using Value = double;
  void validate() const {}
};
static_assert(!optim::Rule<NoState>);

// ---- what the library ships ----

static_assert(objective::HasHvp<objective::Quadratic<double>>);
static_assert(objective::HasHvp<objective::Quadratic<long double>>);
static_assert(objective::HasHvp<objective::Rosenbrock<double>>);
static_assert(!objective::HasMinibatches<objective::Quadratic<double>>);

static_assert(optim::Rule<optim::Sgd<float>>);
static_assert(optim::Rule<optim::Sgd<std::complex<double>>>);
static_assert(optim::is_linear_rule<optim::Sgd<double>>);
static_assert(!optim::Rule<double>);
static_assert(optim::Rule<optim::DiffGrad<long double, optim::MeanDistance>>);
static_assert(!optim::is_linear_rule<optim::Adam<double>>);
using Decayed = optim::Scheduled<optim::Momentum<double>, optim::CosineSchedule>;
static_assert(optim::Rule<Decayed> && optim::is_linear_rule<Decayed>);
using Clipped = optim::TransformedGradient<Decayed, optim::ClipNorm<double>>;
static_assert(optim::Rule<Clipped> && !optim::is_linear_rule<Clipped>);
static_assert(optim::Rule<optim::Projected<Clipped, optim::Box<double>>>);
static_assert(optim::Schedule<optim::WarmUp<optim::StepSchedule>> && !optim::Schedule<double>);

static_assert(nn::Activation<nn::Relu, float>);
static_assert(nn::Activation<nn::Gelu, long double>);
static_assert(nn::Activation<nn::Tanh, std::complex<double>>);
static_assert(!nn::Activation<double>);
static_assert(nn::Loss<nn::Logistic>);
static_assert(nn::Loss<nn::SoftmaxCrossEntropy, float>);
static_assert(nn::Loss<nn::Square, std::complex<double>>);
static_assert(!nn::Loss<nn::Relu>);
static_assert(nn::Initialization<nn::HeNormal>);
static_assert(!nn::Initialization<nn::Relu>);

template <class Model>
using Risk = objective::EmpiricalRisk<Model, nn::Logistic>;
using Network = nn::Mlp<double, nn::Tanh>;
using Complex = nn::Mlp<std::complex<double>, nn::Tanh>;
static_assert(nn::TwiceDifferentiableModel<Network> && nn::PerExampleModel<Network>);
static_assert(nn::TwiceDifferentiableModel<nn::TwoLayer<float>>);
static_assert(nn::Model<Complex>);
static_assert(objective::HasHvp<Risk<Network>>);
static_assert(objective::HasMinibatches<Risk<Network>>);
static_assert(objective::HasPerExampleGradients<Risk<Network>>);
static_assert(objective::HasHvp<Risk<nn::TwoLayer<float>>>);
static_assert(objective::HasCurvatureProducts<Risk<Network>>);
static_assert(objective::HasPerExampleGram<Risk<Network>>);
static_assert(objective::HasPerExampleGram<Risk<nn::TwoLayer<float>>>);
static_assert(objective::HasCurvatureProducts<Risk<nn::TwoLayer<float>>>);
static_assert(!objective::HasCurvatureProducts<objective::Quadratic<double>>);
static_assert(objective::HasGradient<objective::EmpiricalRisk<Complex, nn::Square>>);

// ---- inputs are referred to: a matrix that is gone at the end of the line is refused ----

using Data = gradus::Matrix<double>;
using Net = nn::Mlp<double>;
template <class X>
constexpr bool risk_takes =
    std::is_constructible_v<objective::EmpiricalRisk<Net, nn::Square>, Net, nn::Square, X, Data>;
static_assert(risk_takes<Data&> && risk_takes<const Data&>);
static_assert(risk_takes<gradus::ConstMatrixRef<double>>);
static_assert(risk_takes<decltype(std::declval<Data&>().leftCols(2))>);
static_assert(!risk_takes<Data>);
static_assert(!risk_takes<decltype(std::declval<Data&>() * 2.0)>);
static_assert(!risk_takes<decltype(std::declval<Data&>().transpose())>);

template <class X>
constexpr bool residuals_take =
    std::is_constructible_v<objective::Residuals<Net>, Net, X, Vector<double>>;
static_assert(residuals_take<Data&> && !residuals_take<Data>);

using SecondLayer = nn::FrozenSecondLayer<double, nn::Relu>;
template <class Gram, class Initial>
constexpr bool span_risk_takes =
    std::is_constructible_v<objective::SpanRisk<double, nn::Relu, nn::Square>, SecondLayer,
                            nn::Square, Gram, Initial, Data>;
static_assert(span_risk_takes<Data&, const Data&>);
static_assert(!span_risk_takes<Data, Data&> && !span_risk_takes<Data&, Data>);

} // namespace
