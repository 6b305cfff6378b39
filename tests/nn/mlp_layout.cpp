// SPDX-License-Identifier: BSD-3-Clause
// Where the parameters of a network lie, and what can be asked of its shape.
#include <cmath>
#include <type_traits>
#include <utility>

#include "catch.hpp"
#include "support/draws.hpp"
#include "support/errors.hpp"
#include "support/plain_network.hpp"
#include "tolerance.hpp"
#include <gradus/core/error.hpp>
#include <gradus/nn/initialization.hpp>
#include <gradus/nn/mlp.hpp>

namespace {

using namespace gradus;
using Net = nn::Mlp<double, nn::Relu>;

} // namespace

TEST_CASE("mlp: layers are views into theta, in the documented order") {
  const Net net({{3, 4, 2}, true});
  REQUIRE(net.depth() == 2);
  REQUIRE(net.num_inputs() == 3);
  REQUIRE(net.num_outputs() == 2);
  REQUIRE(net.width(1) == 4);
  REQUIRE(net.has_biases());
  REQUIRE(net.num_parameters() == 4 * 3 + 4 + 2 * 4 + 2);

  const Vector<double> theta = Vector<double>::LinSpaced(26, 0, 25);
  const auto w1 = net.weights(theta, 1);
  const auto w2 = net.weights(theta, 2);
  REQUIRE(w1.rows() == 4);
  REQUIRE(w1.cols() == 3);
  REQUIRE(w1(0, 0) == 0);
  REQUIRE(w1(1, 0) == 1); // column by column
  REQUIRE(w1(0, 1) == 4);
  REQUIRE(net.bias(theta, 1).size() == 4);
  REQUIRE(net.bias(theta, 1)(0) == 12);
  REQUIRE(w2.rows() == 2);
  REQUIRE(w2.cols() == 4);
  REQUIRE(w2(1, 0) == 17);
  REQUIRE(net.bias(theta, 2)(1) == 25);
}

TEST_CASE("mlp: what is written to a view is written to theta, and to nothing else") {
  const Net net({{2, 3, 1}, true});
  Vector<double> theta = Vector<double>::Zero(net.num_parameters());
  net.weights(theta, 2).setConstant(5.0);
  net.bias(theta, 1)(2) = -1.0;
  Vector<double> expected(13);
  expected << 0, 0, 0, 0, 0, 0, /* b_1 */ 0, 0, -1, /* W_2 */ 5, 5, 5, /* b_2 */ 0;
  REQUIRE(theta == expected);
  // A view of const memory is not writable.
  using Const = decltype(net.weights(std::declval<const Vector<double>&>(), 1));
  using Mutable = decltype(net.weights(std::declval<Vector<double>&>(), 1));
  STATIC_REQUIRE(std::is_same_v<Const, ConstMatrixMap<double>>);
  STATIC_REQUIRE(std::is_same_v<Mutable, MatrixMap<double>>);
}

TEST_CASE("mlp: without biases there is room for weights alone") {
  const Net net({{3, 4, 2}, false});
  REQUIRE_FALSE(net.has_biases());
  REQUIRE(net.num_parameters() == 20);
  const Vector<double> theta = Vector<double>::LinSpaced(20, 0, 19);
  REQUIRE(net.weights(theta, 2)(0, 0) == 12);
}

TEST_CASE("mlp: initial parameters have zero biases and a stream for each layer") {
  const Stream stream(3, "init");
  const Net net({{5, 40, 30, 2}, true});
  const Vector<double> theta = net.initial_parameters(nn::HeNormal{}, stream);
  REQUIRE(theta == net.initial_parameters(nn::HeNormal{}, stream));
  for (Index l = 1; l <= 3; ++l) {
    REQUIRE(net.bias(theta, l).isZero(0.0));
    REQUIRE(net.weights(theta, l).cwiseAbs().minCoeff() > 0);
  }
  // Variance 2 / 40 in layer 2 from 1200 draws: standard error of the mean square sqrt(2 / 1200)
  // = 4 %, so 5 of them are passed once in a million.
  const double mean_square = net.weights(theta, 2).squaredNorm() / 1200;
  REQUIRE(relative_error(mean_square, 2.0 / 40) < 0.2);
  // The layers below are the same in a deeper network with the same widths there.
  const Net deeper({{5, 40, 30, 7, 2}, true});
  const Vector<double> more = deeper.initial_parameters(nn::HeNormal{}, stream);
  REQUIRE(deeper.weights(more, 1) == net.weights(theta, 1));
  REQUIRE(deeper.weights(more, 2) == net.weights(theta, 2));
}

TEST_CASE("mlp: a shape without sense is refused by name") {
  using support::message_of;
  REQUIRE(message_of<ArgumentError>([] {
            Net({{}, true});
          }) == "number of widths is 0; valid: >= 2");
  REQUIRE(message_of<ArgumentError>([] {
            Net({{3}, true});
          }) == "number of widths is 1; valid: >= 2");
  REQUIRE(message_of<ArgumentError>([] { Net({{3, 0, 1}, true}); }) == "width is 0; valid: >= 1");
  REQUIRE(message_of<ArgumentError>([] { Net({{3, 2, -1}, true}); }) == "width is -1; valid: >= 1");
  REQUIRE(message_of<ArgumentError>([] { Net({{0, 2}, true}); }) == "width is 0; valid: >= 1");
}

TEST_CASE("mlp: no samples give no outputs; a workspace serves batches of any size") {
  const nn::MlpShape shape{{3, 5, 4, 2}, true};
  const Net net(shape);
  const Vector<double> theta = net.initial_parameters(nn::Gaussian{}, Stream(1));
  Net::Workspace used;
  for (const Index n : {6, 1, 0, 9, 0, 2}) {
    const Matrix<double> x = support::normal_matrix("x", 3, n);
    const auto f = net.forward(theta, x, used);
    REQUIRE(f.rows() == 2);
    REQUIRE(f.cols() == n);
    const Matrix<double> expected = support::plain_outputs(shape, nn::Relu{}, theta, x);
    for (Index i = 0; i < n; ++i) {
      REQUIRE((f.col(i) - expected.col(i)).cwiseAbs().maxCoeff() <
              4 * tol<double>::rel * expected.cwiseAbs().maxCoeff());
    }
    Vector<double> gradient = Vector<double>::Constant(theta.size(), 3.0);
    const Matrix<double> d = Matrix<double>::Ones(2, n);
    net.backward(theta, x, d, used, gradient);
    REQUIRE((n == 0) == gradient.isZero(0.0)); // an empty sum is zero
  }
}

TEST_CASE("mlp: a NaN in the data reaches the outputs of its own sample only") {
  const Net net({{2, 3, 2}, true});
  const Vector<double> theta = net.initial_parameters(nn::Gaussian{}, Stream(2));
  Matrix<double> x = support::normal_matrix("x", 2, 3);
  Net::Workspace workspace;
  const Matrix<double> before = net.forward(theta, x, workspace);
  x(1, 1) = std::nan("");
  const Matrix<double> after = net.forward(theta, x, workspace);
  REQUIRE(after.col(0) == before.col(0));
  REQUIRE(after.col(2) == before.col(2));
  REQUIRE(std::isnan(after(0, 1)));
  REQUIRE(std::isnan(after(1, 1)));
}
