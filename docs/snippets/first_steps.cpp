#include <iostream>

#include <gradus/gradus.hpp>

int main() {
  using namespace gradus;
  const Stream stream(0, "first steps"); // seed and name: the same bits everywhere
  const data::XorClusters setting{.dim = 50, .mean_norm_squared = 25, .label_noise = 0.1};
  const auto samples = data::draw_clusters(setting, 200, stream);
  const auto x = data::draw_inputs<double>(setting, samples, stream); // 50 features x 200 samples
  const nn::Mlp<double> net({.widths = {50, 32, 1}});
  Vector<double> theta = net.initial_parameters(nn::HeNormal{}, stream);
  objective::EmpiricalRisk risk(net, nn::Logistic{}, x, samples.labels);
  const auto end =
      optim::descend(risk, theta, optim::Sgd<double>{.learning_rate = 0.3}, {.steps = 500});
  const double accuracy = metrics::binary_accuracy(risk.outputs(theta), samples.labels);
  std::cout << "loss " << end.loss << ", training accuracy " << accuracy << '\n';
}
