// SPDX-License-Identifier: BSD-3-Clause
// What passes as an objective and as an update rule: the two ends of the waist.
#include <complex>

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

} // namespace
